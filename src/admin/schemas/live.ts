import { z } from 'zod';
import { instant, instantFilter } from './fields.ts';

export const liveQuery = z.strictObject({
  since: instantFilter.optional().describe('Only what came later; absent: the last hour.'),
  interval_seconds: z
    .enum(['5', '60'])
    .transform(text => (text === '5' ? 5 : 60))
    .optional()
    .describe(
      'Length of a step: of 5 seconds there are those of the last hour, of 60 those of the last day. Absent: 5, or 60 where `since` is longer ago than an hour.',
    ),
});

const counts = z.record(z.string(), z.number().int());
const microseconds = z.number().describe('In microseconds.');

export const live = z
  .object({
    interval_seconds: z.number().int().describe('Length of a step.'),
    samples: z
      .array(
        z.object({
          at: instant.describe('When the step ended.'),
          checks: counts.describe('Checks that were decided in it, by outcome: `allowed`, `denied`.'),
          denials: counts.describe('Those that were refused, by reason.'),
          latency: z
            .union([z.object({ p50_us: microseconds, p99_us: microseconds, p999_us: microseconds }), z.null()])
            .describe('How long answers took, from the histogram of the metrics; null: there were none.'),
          snapshot_revision: z.number().int().describe('Revision that checks were answered from at its end.'),
          snapshot_age_seconds: z
            .union([z.number(), z.null()])
            .describe('Time since the snapshot was last known to be the newest; null: there was none.'),
        }),
      )
      .describe('Oldest first.'),
    changes: z
      .array(
        z.object({
          at: instant,
          revision: z.number().int(),
          action: z.string().describe('The first thing that was done in it, such as `model.update`.'),
          target: z.string().describe('What that was done to.'),
          count: z.number().int().describe('How many things were done in it, as far as they are looked at.'),
        }),
      )
      .describe(
        'Changes of the time, one a revision, newest first, from the newest entries of the audit: to a site admin all, to others those of projects that they administer.',
      ),
  })
  .meta({
    id: 'Live',
    description: 'What checks of this server came to, step by step, and what was changed meanwhile.',
  });
export type Live = z.infer<typeof live>;
