import { bench, do_not_optimize, group } from 'mitata';
import { createCheckObserver } from '../../src/check/check-observer.ts';
import { type CheckObserver, createCheckAnswerer } from '../../src/check/create-check-answerer.ts';
import { DenialRing } from '../../src/check/tallies/denial-ring.ts';
import { KeyUses } from '../../src/check/tallies/key-uses.ts';
import { ShadowDenials } from '../../src/check/tallies/shadow-denials.ts';
import { ByteWriter } from '../../src/check/wire/byte-writer.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { createClock } from '../../src/server/clock.ts';
import type { Snapshot } from '../../src/snapshot/snapshot.ts';
import { SnapshotCell } from '../../src/snapshot/snapshot-cell.ts';
import { apiKey, apiKeys, model, snapshotWith } from '../../test/support/site.ts';
import { checkRequest, smallBody } from './samples.ts';

const bodyBytesMax = 5 * 1024 * 1024;
const silent: CheckObserver = { decided: () => undefined, sent: () => undefined, failed: () => undefined };

/** What the product counts and keeps, as it runs. */
function watching(): CheckObserver {
  const log = { isLevelEnabled: () => false, debug: () => undefined, error: () => undefined };
  const kept = { keyUses: new KeyUses(), shadowDenials: new ShadowDenials(), denials: new DenialRing() };
  return createCheckObserver({ metrics: createMetrics('bench'), log, ...kept });
}

const message = checkRequest(smallBody);
const withoutKey = checkRequest(smallBody.replace('accessKey', 'otherName'));
const scoped = apiKey(apiKeys.viewer, 'viewer', { models: ['fraud', 'another'] });
const open = model({ auth_enabled: false });
const shadowed = model({ auth_enabled: false, auth_shadow: true });

/** Answers one check; the differences between its figures are what the parts add. */
function answering(observer: CheckObserver, request: Buffer, snapshot: Snapshot): () => void {
  const cell = new SnapshotCell();
  cell.publish(snapshot, 0);
  const { now, ticks } = createClock({ wall: Date.now, ticks: () => 0 });
  const answerer = createCheckAnswerer({
    ...{ cell, bodyBytesMax, keepCredentials: false, unreadyAnswer: 'deny', now, ticks },
    observer,
  });
  const out = new ByteWriter(4096);
  answerer.begin();
  return () => {
    out.at = 0;
    do_not_optimize(answerer.answer(request, 0, request.length, out));
  };
}

/** Whole checks that differ in one thing each. */
export function addCosts(): void {
  group('a whole check, and what each part adds', () => {
    bench('allowed, nothing counted', answering(silent, message, snapshotWith()));
    bench('allowed, counted, and the use of its key kept', answering(watching(), message, snapshotWith()));
    bench('allowed by a narrowed key', answering(silent, message, snapshotWith(scoped)));
    bench('authentication off', answering(silent, message, snapshotWith(open)));
    bench('authentication off, shadow on', answering(silent, message, snapshotWith(shadowed)));
    bench('refused, nothing counted', answering(silent, withoutKey, snapshotWith()));
    bench('refused, counted, and kept in the ring', answering(watching(), withoutKey, snapshotWith()));
  });
  group('once a turn, and once a write', () => {
    const clock = createClock();
    bench('the clocks', () => do_not_optimize(clock.now() + clock.ticks()));
    const { checkDuration } = createMetrics('bench');
    const row = checkDuration.row({ outcome: 'allow' });
    bench('the latency of a dozen answers', () => checkDuration.add(row, 0.00012, 12));
  });
}
