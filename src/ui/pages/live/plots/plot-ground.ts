import type uPlot from 'uplot';

/** Narrower gaps between marks than this are not seen, in pixels of the style sheet. */
const marksApart = 3;

/** Another ground for the time of which nothing is known: empty there does not mean none. */
export function shadeUnknown({ ctx, bbox, valToPos }: uPlot, since: number | undefined, color: string): void {
  if (since !== undefined) {
    ctx.save();
    ctx.fillStyle = color;
    ctx.fillRect(bbox.left, bbox.top, Math.max(0, valToPos(since, 'x', true) - bbox.left), bbox.height);
    ctx.restore();
  }
}

/** A thin line where something was changed, and one for all that would lie on each other. */
export function drawMarks({ ctx, bbox, valToPos, scales }: uPlot, instants: readonly number[], color: string): void {
  const { min, max } = scales['x'] ?? {};
  const seen = instants.filter(at => at >= (min ?? 0) && at <= (max ?? 0));
  ctx.save();
  ctx.strokeStyle = color;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([2 * devicePixelRatio, 4 * devicePixelRatio]);
  let last = Number.NEGATIVE_INFINITY;
  for (const x of seen.map(at => Math.round(valToPos(at, 'x', true))).sort((one, other) => one - other)) {
    if (x - last >= marksApart * devicePixelRatio) {
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      last = x;
    }
  }
  ctx.restore();
}
