/** Stands where the page will be. */
export function ExplainPage() {
  return <h1>Explain</h1>;
}
