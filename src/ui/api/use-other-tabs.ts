import { useEffect, useRef } from 'preact/hooks';

/**
 * What the tabs of a browser share is its one session: answers how to tell the others that somebody signed in, and has
 * `heard` called when another tells. Nothing of the session goes along; whoever hears asks the server.
 */
export function useOtherTabs(heard: () => void): () => void {
  const channel = useRef<BroadcastChannel | undefined>(undefined);
  // One channel: another of the same page would hear it too.
  useEffect(() => {
    const opened = new BroadcastChannel('modelgate-session');
    opened.onmessage = heard;
    channel.current = opened;
    return () => opened.close();
  }, []);
  return () => channel.current?.postMessage('signed in');
}
