import type { Settings } from './records.ts';

/** What holds until a site admin says otherwise. */
export const defaultSettings: Settings = {
  default_api_key_expiration_days: 365,
  stale_after_seconds: 0,
  gateway_url: '',
};
