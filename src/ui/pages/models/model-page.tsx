/** Stands where the page will be. */
export function ModelPage() {
  return <h1>Model</h1>;
}
