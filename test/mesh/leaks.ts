import { type Call, send } from '../support/send.ts';
import type { Mesh } from './mesh.ts';
import { bypasses, misuses } from './misuses.ts';
import type { MeshSite } from './site.ts';

/** A call on a connection of its own: one that was kept would stay on the listener that was replaced. */
export function sendTo(mesh: Mesh, call: Call) {
  return send(mesh, { ...call, alone: true, headers: { host: 'models.example.com', ...call.headers } });
}

/**
 * What reached a model although nothing may: for an Envoy that does not ask, or that nobody answers. One line a call; none
 * where all is well.
 */
export async function passed(mesh: Mesh, site: MeshSite): Promise<string[]> {
  const found: string[] = [];
  for (const call of bypasses(site.keys)) {
    const before = site.reached();
    const { status } = await sendTo(mesh, call);
    // Over gRPC a refusal is a 200 with trailers.
    if (status < 400 && call.headers?.['content-type'] !== 'application/grpc')
      found.push(`${status} ${JSON.stringify(call)}`);
    if (JSON.stringify(site.reached()) !== JSON.stringify(before)) found.push(`reached: ${JSON.stringify(call)}`);
  }
  return found;
}

/** What reached a model that it may not reach, of calls that are refused or allowed for another model. */
export async function leaked(mesh: Mesh, site: MeshSite): Promise<string[]> {
  const found: string[] = [];
  for (const { call, may } of misuses(site.keys)) {
    const before = site.reached();
    await sendTo(mesh, call).catch(() => undefined);
    const now = site.reached();
    for (const model of ['fraud', 'churn'] as const) {
      if (now[model] !== before[model] && model !== may) found.push(`${model}: ${JSON.stringify(call)}`);
    }
  }
  return found;
}
