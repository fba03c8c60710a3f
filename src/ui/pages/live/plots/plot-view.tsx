import { useEffect, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import type { PlotOptions, PlotState } from './plot.ts';

interface Props {
  readonly title: string;
  /** What is to be seen, in a sentence: for who can't. */
  readonly says: string;
  readonly options: PlotOptions;
  readonly state: PlotState;
}

/** A plot that moves with its data, and is drawn anew for another width or scheme. */
export function PlotView({ title, says, options, state }: Props) {
  const into = useRef<HTMLDivElement>(null);
  const drawn = useRef<{ readonly plot: uPlot; readonly move: (state: PlotState) => void } | undefined>(undefined);
  const scheme = useScheme();
  const newest = useRef(state);
  newest.current = state;
  // The names of the series say which they are.
  const key = `${scheme} ${options.series.map(({ label }) => label).join()}`;
  useEffect(() => {
    const place = into.current as HTMLDivElement;
    let isGone = false;
    // The library is loaded with the first plot, not with the first page.
    void import('./plot.ts').then(({ drawPlot, movePlot }) => {
      if (!isGone) {
        const plot = drawPlot(place, options, () => newest.current);
        drawn.current = { plot, move: next => movePlot(plot, next) };
      }
    });
    const resized = new ResizeObserver(() => {
      const plot = drawn.current?.plot;
      plot?.setSize({ width: place.clientWidth, height: plot.height });
    });
    resized.observe(place);
    return () => {
      isGone = true;
      resized.disconnect();
      drawn.current?.plot.destroy();
      drawn.current = undefined;
    };
  }, [key]);
  useEffect(() => drawn.current?.move(state), [state]);
  return (
    <figure>
      <figcaption>
        <h2>{title}</h2>
        <p class="unseen">{says}</p>
      </figcaption>
      <div ref={into} class="plot" />
    </figure>
  );
}

const dark = '(prefers-color-scheme: dark)';

function useScheme(): string {
  const [isDark, setDark] = useState(() => matchMedia(dark).matches);
  useEffect(() => {
    const query = matchMedia(dark);
    const read = () => setDark(query.matches);
    query.addEventListener('change', read);
    return () => query.removeEventListener('change', read);
  }, []);
  return isDark ? 'dark' : 'light';
}
