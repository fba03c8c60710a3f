import { useEffect, useState } from 'preact/hooks';

/** What loads faster than this shows no skeleton, which would only flicker; in milliseconds. */
const patienceMs = 150;

/** Stands where something will be, once the wait for it is felt. */
export function Skeleton({ lines = 5 }: { lines?: number }) {
  const [isFelt, setFelt] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setFelt(true), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  if (!isFelt) {
    return null;
  }
  return (
    <div class="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, at) => (
        <span key={at} />
      ))}
    </div>
  );
}
