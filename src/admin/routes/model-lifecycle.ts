import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { makeAccessKey, makeId } from '../../keys/access-key.ts';
import type { ModelRecord } from '../../store/records.ts';
import { ApiError } from '../api-error.ts';
import type { ApiServer } from '../api-server-type.ts';
import { type AdminContext, callerOf, change } from '../context.ts';
import { requireRoom } from '../quotas.ts';
import { model, modelPath, newModel, projectPath, toModel } from '../schemas/models.ts';
import { onProject, requireModel, whoMay } from '../who-may.ts';

/** How a model comes and goes. */
export function modelLifecycleRoutes(server: ApiServer, context: AdminContext): void {
  server.post(
    '/projects/:project_id/models',
    {
      onRequest: onProject(context, 'write'),
      schema: {
        summary: 'Makes a model.',
        description:
          'Its authentication is on unless `disable_authentication` is said. Only a site admin may choose `model_id` or `target`: they name the cluster that gets the calls.',
        'x-who-may': whoMay.write,
        params: projectPath,
        body: newModel,
        response: { 201: model },
      },
    },
    async (request, reply) => {
      const record = toRecord(request.params.project_id, request.body, context.now());
      await change(context, request, reply, async writes => {
        refuseRouting(request, request.body);
        await requireRoom(context, request, writes, { kind: 'models', owner: record.project_id });
        await writes.insertModel(record);
      });
      return reply.code(201).send(toModel(record, true));
    },
  );

  server.delete(
    '/projects/:project_id/models/:model_id',
    {
      schema: {
        summary: 'Deletes a model.',
        description: 'Its access key stops with the answer.',
        'x-who-may': whoMay.write,
        params: modelPath,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { model_id } = await requireModel(context, request, request.params, 'write');
      await change(context, request, reply, writes => writes.deleteModel(model_id));
      return reply.code(204).send(null);
    },
  );
}

/** Authentication is on unless it is asked for otherwise (B34). */
function toRecord(project_id: string, wanted: z.infer<typeof newModel>, now: number): ModelRecord {
  const { model_id = makeId(), name = model_id, target = model_id, auth_shadow, disable_authentication } = wanted;
  return {
    model_id,
    project_id,
    name,
    access_key: makeAccessKey(),
    target,
    auth_enabled: !disable_authentication,
    auth_shadow,
    state: 'running',
    created_at: now,
  };
}

/** Calls go to the cluster that the target names, which is the model's id unless something else is said. */
function refuseRouting(request: FastifyRequest, { model_id, target }: z.infer<typeof newModel>): void {
  const field = target === undefined ? 'model_id' : 'target';
  if ((model_id ?? target) !== undefined && !callerOf(request).site_admin) {
    const why = 'only a site admin may choose it: it names the cluster that gets the calls; left out, an id is made';
    throw new ApiError('permission_denied', `${field}: ${why}`, [{ field, description: why }]);
  }
}
