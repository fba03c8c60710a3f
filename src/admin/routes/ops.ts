import type { FastifyInstance } from 'fastify';
import { type OpenMetricsContentType, Registry } from 'prom-client';
import type { Health } from '../../health/health.ts';

export interface OpsContext {
  readonly registry: Registry;
  readonly health: Health;
}

/** What a scraper and a prober ask, without a credential: nothing secret is in any of it. */
export function opsRoutes(server: FastifyInstance, { registry, health }: OpsContext): void {
  const openMetrics = openMetricsView(registry);
  server.get('/healthz', async () => ({ status: 'alive' }));

  server.get('/readyz', async (_request, reply) => {
    const { ready, components } = health.read();
    return reply.code(ready ? 200 : 503).send({ ready, components });
  });

  server.get('/metrics', async (request, reply) => {
    const wantsOpenMetrics = (request.headers.accept ?? '').includes('application/openmetrics-text');
    if (wantsOpenMetrics) {
      return reply.header('content-type', openMetrics.contentType).send(await openMetrics.metrics());
    }
    return reply.header('content-type', registry.contentType).send(await registry.metrics());
  });
}

/**
 * The same metrics in the other format: prom-client ties the format to the registry. It also renames a
 * counter that it writes as OpenMetrics, so it is given stand-ins that read through to the metrics.
 */
function openMetricsView(registry: Registry): { readonly contentType: string; metrics(): Promise<string> } {
  const view = new Registry<OpenMetricsContentType>();
  view.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  for (const { name } of registry.getMetricsAsArray()) {
    const metric = registry.getSingleMetric(name);
    if (metric) {
      view.registerMetric(Object.create(metric));
    }
  }
  return view;
}
