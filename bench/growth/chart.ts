/** Lines over one axis, each point of a line at the value of the same place. */
export interface Chart {
  readonly title: string;
  readonly axis: 'linear' | 'log';
  readonly at: readonly number[];
  readonly labels: readonly string[];
  readonly lines: readonly { readonly name: string; readonly values: readonly number[] }[];
}

const panel = { width: 560, height: 260, left: 64, right: 28, top: 40, bottom: 44 };
/** Told apart by those who see fewer colours too, on light and on dark ground (Okabe and Ito). */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00'];
const ground = '#ffffff';
const ink = '#333333';
const rule = '#dddddd';

/** The charts below one another, each with CPU time per check from 0 upwards. */
export function toSvg(charts: readonly Chart[], caption: string): string {
  const height = charts.length * panel.height + 30;
  const panels = charts.map(
    (chart, at) => `<g transform="translate(0 ${at * panel.height})">\n${toPanel(chart)}\n</g>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${panel.width} ${height}" font-family="sans-serif" font-size="11" fill="${ink}">`,
    '<title>CPU time of the server per check as its work grows</title>',
    `<rect width="100%" height="100%" fill="${ground}"/>`,
    ...panels,
    text(panel.width / 2, height - 10, caption, 'middle', 9),
    '</svg>\n',
  ].join('\n');
}

function toPanel({ title, axis, at, labels, lines }: Chart): string {
  const steps = stepsUpTo(Math.max(...lines.flatMap(({ values }) => values)));
  const most = steps.at(-1) as number;
  const inside = { width: panel.width - panel.left - panel.right, height: panel.height - panel.top - panel.bottom };
  const scaled = axis === 'log' ? at.map(Math.log) : at;
  const [least = 0, last = 1] = [scaled[0], scaled.at(-1)];
  const x = (point: number) => panel.left + (((scaled[point] ?? 0) - least) / (last - least)) * inside.width;
  const y = (value: number) => panel.top + inside.height * (1 - value / most);
  const grid = steps.map(
    step =>
      `<line x1="${panel.left}" x2="${panel.width - panel.right}" y1="${y(step)}" y2="${y(step)}" stroke="${rule}"/>` +
      text(panel.left - 6, y(step) + 4, String(step), 'end'),
  );
  const marks = labels.map((label, point) => text(x(point), panel.height - panel.bottom + 16, label, 'middle'));
  const drawn = lines.map(({ name, values }, line) => {
    const colour = colours[line % colours.length] as string;
    const points = values.map((value, point) => [x(point).toFixed(1), y(value).toFixed(1)]);
    return [
      `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points.map(point => point.join(',')).join(' ')}"/>`,
      ...points.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`),
      `<rect x="${panel.left + 8 + line * 150}" y="${panel.top - 14}" width="10" height="10" fill="${colour}"/>`,
      text(panel.left + 23 + line * 150, panel.top - 5, name, 'start'),
    ].join('\n');
  });
  const heads = [text(panel.left, 16, `CPU µs per check by ${title}`, 'start', 13)];
  return [...heads, ...grid, ...marks, ...drawn].join('\n');
}

/** From 0 past the largest value in at most seven round steps. */
function stepsUpTo(largest: number): number[] {
  const rough = 10 ** Math.floor(Math.log10(Math.max(largest, 1) / 5));
  const step = [1, 2, 5, 10].map(times => times * rough).find(each => largest / each <= 6) ?? rough * 10;
  const count = Math.ceil(largest / step);
  return Array.from({ length: count + 1 }, (_, at) => Math.round(at * step * 100) / 100);
}

function text(x: number, y: number, words: string, anchor: string, size?: number): string {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const height = size === undefined ? '' : ` font-size="${size}"`;
  return `<text x="${x}" y="${y}" text-anchor="${anchor}"${height}>${escaped}</text>`;
}
