/** The sidecars that answer checks beside their Envoys, from a copy of this site. */
export function SidecarsPage() {
  return (
    <>
      <h1>Sidecars</h1>
      <div class="empty">
        <p>
          A sidecar answers the checks of an Envoy beside it, from a copy of this site that follows every change. There
          is none: this server answers all checks itself, so a change is in force for all of them when it is answered.
        </p>
      </div>
    </>
  );
}
