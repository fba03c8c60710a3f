import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { drawMarks, shadeUnknown } from './plot-ground.ts';

/** A line or a band of a plot. */
export interface Series {
  readonly label: string;
  /** Name of the style sheet's colour. */
  readonly color: string;
}

export interface PlotOptions {
  readonly series: readonly Series[];
  /** How a value is written, at the axis and in the legend. */
  readonly words: (value: number) => string;
  /** Bands lie on each other, steps stand until the next; absent: lines. */
  readonly form?: 'bands' | 'steps';
  /** Whether the axis goes by powers of ten (for what differs by thousands), or spans the values without zero. */
  readonly axis?: 'log' | 'tight';
}

/** What changes while a plot is there. */
export interface PlotState {
  readonly data: uPlot.AlignedData;
  /** The first and the last instant, in seconds since 1970. */
  readonly span: readonly [number, number];
  /** Where what is known begins, if that is within the span; nothing can be drawn before. */
  readonly since: number | undefined;
  /** The instants of changes. */
  readonly marks: readonly number[];
  /** Values as they are, where those drawn are sums of them. */
  readonly told?: ((series: number, at: number) => number | null) | undefined;
}

const height = 150;
const colorOf = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Draws into an element. Colours are the style sheet's of the moment: another scheme takes another plot. */
export function drawPlot(into: HTMLElement, options: PlotOptions, now: () => PlotState): uPlot {
  const { series, words } = options;
  const axis = { stroke: colorOf('--soft'), grid: { stroke: colorOf('--line'), width: 1 }, ticks: { show: false } };
  const plot: uPlot.Options = {
    width: into.clientWidth,
    height,
    cursor: { drag: { x: false, y: false }, points: { show: false } },
    scales: { x: { range: () => [...now().span] as [number, number] }, y: scaleOf(options) },
    axes: [
      {
        ...axis,
        size: 28,
        space: 50,
        values: (_, instants, __, ___, step) => instants.map(at => clock(at, step < 60)),
      },
      {
        ...axis,
        grid: { ...axis.grid, filter: gridOf(options) },
        size: 64,
        values: (_, values) => values.map(value => (value === null ? '' : words(value))),
      },
    ],
    series: [
      { label: 'UTC', value: (_, at) => (Number.isFinite(at) ? clock(at, true) : '-') },
      ...series.map((each, index) => toSeries(each, index, options, now)),
    ],
    tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
    hooks: {
      // Below the lines, which they would hide where many stand together.
      drawClear: [drawn => shadeUnknown(drawn, now().since, colorOf('--raised'))],
      drawAxes: [drawn => drawMarks(drawn, now().marks, colorOf('--soft'))],
      // Where nobody points, the newest values are told.
      setCursor: [drawn => drawn.cursor.idx === null && tellNewest(drawn)],
    },
  };
  const drawn = new uPlot(plot, now().data, into);
  tellNewest(drawn);
  return drawn;
}

/** Takes what is new, and moves on. */
export function movePlot(plot: uPlot, { data }: PlotState): void {
  plot.setData(data);
  if (plot.cursor.idx === null || plot.cursor.idx === undefined) {
    tellNewest(plot);
  }
}

function tellNewest(plot: uPlot): void {
  const { length } = plot.data[0];
  if (length > 0) {
    plot.setLegend({ idx: length - 1 }, false);
  }
}

function clock(seconds: number, isExact: boolean): string {
  return new Date(seconds * 1000).toISOString().slice(11, isExact ? 19 : 16);
}

function toSeries(
  { label, color }: Series,
  index: number,
  { words, form }: PlotOptions,
  now: () => PlotState,
): uPlot.Series {
  const stroke = colorOf(color);
  return {
    label,
    stroke,
    width: form === 'bands' ? 0 : 1.5,
    ...(form === 'bands' ? { fill: stroke } : {}),
    ...(form === 'steps' ? { paths: uPlot.paths.stepped?.({ align: -1 }) as uPlot.Series.PathBuilder } : {}),
    points: form === undefined ? { size: 4, fill: stroke, filter: lonely } : { show: false },
    value: (_, value, __, at) => {
      const { told } = now();
      const shown = at === null || told === undefined ? value : told(index, at);
      return shown === null || shown === undefined ? '-' : words(shown);
    },
  };
}

/** Samples that no line goes through, for there is nothing on either side: they would not be seen. */
function lonely(plot: uPlot, series: number): number[] {
  const values = plot.data[series] ?? [];
  const isThere = (at: number) => values[at] !== null && values[at] !== undefined;
  return [...values.keys()].filter(at => isThere(at) && !isThere(at - 1) && !isThere(at + 1));
}

/** By powers of ten, a line for each of them is enough. */
function gridOf({ axis }: PlotOptions): uPlot.Axis.Filter {
  return (_, values) => (axis === 'log' ? values.map(value => (isPowerOfTen(value) ? value : null)) : values);
}

function isPowerOfTen(value: number): boolean {
  return Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9;
}

function scaleOf({ axis }: PlotOptions): uPlot.Scale {
  if (axis === 'log') {
    return { distr: 3 };
  }
  return axis === 'tight'
    ? { range: (_, min, max) => [Math.max(0, min - 1), max + 1] }
    : { range: (_, __, max) => [0, max > 0 ? max * 1.1 : 1] };
}
