import type { Decision } from '../decision/decision.ts';
import type { CheckCall } from './check-call.ts';
import type { CheckObserver } from './create-check-answerer.ts';
import type { DenialRing } from './tallies/denial-ring.ts';
import type { KeyUses } from './tallies/key-uses.ts';
import type { ShadowDenials } from './tallies/shadow-denials.ts';

/** The metrics of checks, as far as they are written here. */
export interface CheckMetrics {
  readonly checks: { inc(labels: { outcome: string; reason: string }): void };
  readonly checkDuration: { observe(labels: { outcome: string }, seconds: number): void };
  readonly shadowDenials: { inc(labels: { reason: string }): void };
}

export interface CheckLog {
  debug(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface CheckObserverOptions {
  readonly metrics: CheckMetrics;
  readonly log: CheckLog;
  readonly denials: DenialRing;
  readonly keyUses: KeyUses;
  readonly shadowDenials: ShadowDenials;
}

/** Writes down what became of each check: metrics, key uses, the ring of denials, whom shadow would refuse, and the log where it is asked for. */
export function createCheckObserver(options: CheckObserverOptions): CheckObserver {
  const { metrics, log, denials, keyUses, shadowDenials } = options;
  return {
    decided(decision, call, at) {
      const { outcome, reason } = decision;
      metrics.checks.inc({ outcome, reason });
      if (decision.outcome === 'allow') {
        keyUses.note(decision, at);
        if (decision.shadowReason !== undefined) {
          metrics.shadowDenials.inc({ reason: decision.shadowReason });
          shadowDenials.note(decision, call?.callerAddress ?? '', at);
        }
      } else {
        const denial = denialOf(decision, call, at);
        denials.add(denial);
        log.debug(denial, 'check denied');
      }
    },
    sent(outcome, seconds, count) {
      for (let each = 0; each < count; each += 1) metrics.checkDuration.observe({ outcome }, seconds);
    },
    failed(fault) {
      log.error({ fault }, 'check failed');
    },
  };
}

function denialOf(decision: Decision & { outcome: 'deny' }, call: CheckCall | undefined, at: number) {
  return {
    at,
    requestId: call?.requestId ?? '',
    reason: decision.reason,
    modelId: decision.model?.model_id,
    projectId: decision.model?.project_id,
    keyId: decision.caller?.keyId,
    callerAddress: call?.callerAddress ?? '',
  };
}
