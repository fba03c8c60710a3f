import {
  _envoy_config_core_v3_HeaderValueOption_HeaderAppendAction as AppendAction,
  type HeaderValueOption,
} from '../../../src/check/wire/generated/envoy/config/core/v3/HeaderValueOption.ts';

/**
 * Sets a header over whatever the client sent. Both fields are said: many Envoys read only `append`,
 * and some read its absence as yes (T3).
 */
export function overwrite(key: string, value: string): HeaderValueOption {
  return {
    header: { key, value },
    append: { value: false },
    appendAction: AppendAction.OVERWRITE_IF_EXISTS_OR_ADD,
  };
}
