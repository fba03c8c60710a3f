import type { ConfigNode } from '../documents/config-node.ts';

/** A type's full name from `@type`, with the config itself; a TypedStruct is unpacked. */
export interface TypedConfig {
  /** `envoy.extensions.filters.http.lua.v3.Lua`; empty where none is written. */
  readonly type: string;
  readonly config: ConfigNode;
}

export function typedConfig(node: ConfigNode): TypedConfig {
  const type = nameOf(node.get('@type'));
  return type.endsWith('.TypedStruct')
    ? { type: nameOf(node.get('type_url')), config: node.get('value') }
    : { type, config: node };
}

function nameOf(url: ConfigNode): string {
  return (url.text ?? '').split('/').at(-1) ?? '';
}
