/** Stands where the page will be. */
export function ModelsPage() {
  return <h1>Models</h1>;
}
