import type { ApiKey } from '../../../admin/schemas/api-keys.ts';
import { Time } from '../../parts/time.tsx';

/** A bar is shown for what expires within these days. */
const nearDays = 30;
const dayMs = 86_400_000;

/** When a key ends, with a bar where that is near. */
export function ExpiryCell({ apiKey }: { apiKey: ApiKey }) {
  const { expiry_date, expires_within_days, ended_at, expired } = apiKey;
  if (ended_at !== null) {
    return (
      <span class="fault">
        ended <Time at={ended_at} />
      </span>
    );
  }
  if (expiry_date === null) {
    return <>never</>;
  }
  if (expired) {
    return (
      <span class="fault">
        expired <Time at={expiry_date} />
      </span>
    );
  }
  const days = (Date.parse(expiry_date) - Date.now()) / dayMs;
  return (
    <span class={expires_within_days === null ? '' : 'near'}>
      <Time at={expiry_date} />
      {expires_within_days !== null && (
        <meter min={0} max={nearDays} low={7} optimum={nearDays} value={days} aria-label="Time left of 30 days" />
      )}
    </span>
  );
}

export function LastUseCell({ apiKey: { last_used_at, last_used_model } }: { apiKey: ApiKey }) {
  if (last_used_at === null) {
    return <span class="soft">never</span>;
  }
  return (
    <>
      <Time at={last_used_at} />
      {last_used_model !== null && <span class="soft"> for {last_used_model}</span>}
    </>
  );
}

/** What a key opens: models, and the audiences where they are not just calls. */
export function ScopeCell({ apiKey: { models, audiences } }: { apiKey: ApiKey }) {
  const isOrdinary = audiences.length === 1 && audiences[0] === 'API';
  return (
    <>
      {models === null ? 'all models' : models.join(', ')}
      {!isOrdinary && <span class="soft"> ({audiences.join(', ')})</span>}
    </>
  );
}

/** When a key was made, and by whom where that was not its owner. */
export function CreatedCell({ apiKey: { created_at, created_by } }: { apiKey: ApiKey }) {
  return (
    <>
      <Time at={created_at} />
      {created_by !== null && <span class="soft"> by {created_by}</span>}
    </>
  );
}

export function RotationCell({ apiKey: { replaces, replaced_by } }: { apiKey: ApiKey }) {
  return (
    <>
      {replaces !== null && (
        <>
          replaces <code>{replaces}</code>
        </>
      )}
      {replaces !== null && replaced_by !== null && ', '}
      {replaced_by !== null && (
        <>
          replaced by <code>{replaced_by}</code>
        </>
      )}
    </>
  );
}
