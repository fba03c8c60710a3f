import type { AllowReason, DenialReason, Deny } from '../decision/decision.ts';
import { denialAnswers } from './answer/denial-answers.ts';
import type { CheckCall } from './check-call.ts';
import type { CheckObserver } from './create-check-answerer.ts';
import type { DenialRing } from './tallies/denial-ring.ts';
import type { KeyUses } from './tallies/key-uses.ts';
import type { ShadowDenials } from './tallies/shadow-denials.ts';

/** A counter whose labels are named once, for the number of a row to count in. */
interface CountingTable<Labels> {
  row(labels: Labels): number;
  add(row: number, count: number): void;
}

/** The metrics of checks, as far as they are written here. */
export interface CheckMetrics {
  readonly checks: CountingTable<{ outcome: string; reason: string }>;
  readonly checkDuration: {
    row(labels: { outcome: string }): number;
    add(row: number, seconds: number, count: number): void;
  };
  readonly shadowDenials: CountingTable<{ reason: string }>;
}

export interface CheckLog {
  isLevelEnabled(level: 'debug'): boolean;
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
  const rows = rowsOf(metrics);
  const isDebugLogged = log.isLevelEnabled('debug');
  return {
    decided(decision, call, at) {
      if (decision.outcome === 'deny') {
        metrics.checks.add(rows.denials[decision.reason], 1);
        noteDenial(decision, call, at);
        return;
      }
      metrics.checks.add(decision.reason === 'authorized' ? rows.authorized : rows.authenticationOff, 1);
      keyUses.note(decision, at);
      if (decision.shadowReason !== undefined) {
        metrics.shadowDenials.add(rows.shadowDenials[decision.shadowReason], 1);
      }
      shadowDenials.note(decision, call?.callerAddress ?? '', at);
    },
    sent(outcome, seconds, count) {
      metrics.checkDuration.add(outcome === 'allow' ? rows.allowed : rows.denied, seconds, count);
    },
    failed(fault) {
      log.error({ fault }, 'check failed');
    },
  };

  function noteDenial({ reason, model, caller }: Deny, call: CheckCall | undefined, at: number): void {
    const denial = {
      at,
      requestId: call ? call.requestId : '',
      reason,
      modelId: model?.model_id,
      projectId: model?.project_id,
      keyId: caller?.keyId,
      callerAddress: call ? call.callerAddress : '',
    };
    denials.add(denial);
    if (isDebugLogged) {
      log.debug(denial, 'check denied');
    }
  }
}

function rowsOf({ checks, checkDuration, shadowDenials }: CheckMetrics) {
  const reasons = Object.keys(denialAnswers) as DenialReason[];
  const denied = (rowOf: (reason: DenialReason) => number) =>
    Object.fromEntries(reasons.map(reason => [reason, rowOf(reason)])) as Record<DenialReason, number>;
  const allowed = (reason: AllowReason) => checks.row({ outcome: 'allow', reason });
  return {
    authorized: allowed('authorized'),
    authenticationOff: allowed('authentication_off'),
    denials: denied(reason => checks.row({ outcome: 'deny', reason })),
    shadowDenials: denied(reason => shadowDenials.row({ reason })),
    allowed: checkDuration.row({ outcome: 'allow' }),
    denied: checkDuration.row({ outcome: 'deny' }),
  };
}
