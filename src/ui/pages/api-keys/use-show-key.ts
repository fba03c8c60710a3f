import type { CreatedApiKey } from '../../../admin/schemas/api-keys.ts';
import type { Model, ModelList } from '../../../admin/schemas/models.ts';
import type { Api } from '../../api/api.ts';
import { useSignedIn } from '../../api/session.tsx';
import { useSurface } from '../../parts/surface.tsx';

/** Shows a new API key once, with a call that it works in. */
export function useShowKey(): (key: CreatedApiKey, previousWorksUntil?: string) => Promise<void> {
  const { api, session } = useSignedIn();
  const { showSecret } = useSurface();
  return async (key, previousWorksUntil) => {
    const model = await findModel(api, key.models).catch(() => undefined);
    const until = key.expiry_date === null ? 'It never expires' : `It expires on ${key.expiry_date.slice(0, 10)}`;
    const before = previousWorksUntil && ` The key before it works until ${readable(previousWorksUntil)}.`;
    showSecret({
      title: `API key ${key.key_id} of ${key.username}`,
      secret: key.api_key,
      what: 'the key',
      says: `${until}, and calls ${key.models === null ? `every model that ${key.username} may call` : key.models.join(', ')}.${before ?? ''}`,
      call: { gatewayUrl: session.site.gateway_url, apiKey: key.api_key, accessKey: model?.access_key },
    });
  };
}

/** A model to call: the one that the key is for, or the first there is. */
async function findModel(api: Api, models: readonly string[] | null): Promise<Model | undefined> {
  const list = await api.get<ModelList>('/models', { search_filter: models?.[0], page_size: 20 });
  return list.models.find(({ model_id }) => models === null || models[0] === model_id);
}

function readable(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
}
