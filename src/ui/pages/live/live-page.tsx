/** Stands where the page will be. */
export function LivePage() {
  return <h1>Live</h1>;
}
