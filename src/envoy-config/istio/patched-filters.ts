import { checkFragment, checkWholeFilter } from '../check-fragment.ts';
import type { ConfigNode } from '../documents/config-node.ts';
import { checkAddedFilter, isKnownFilter } from '../envoy/check-filters-around.ts';
import { checkCluster, httpFilter } from '../envoy/http-filter.ts';
import { finding, type Judged, joinJudged, type Limits } from '../finding.ts';
import { unreadSettings } from '../patched-settings.ts';

/** A patch of HTTP_FILTER, with its operation and value. */
interface FilterPatch {
  readonly operation: ConfigNode;
  readonly value: ConfigNode;
  /** The filter that it is put on or beside; empty where it names none. */
  readonly at: string;
}

/** What a patch of `http_filters` adds, changes or takes out. */
export function checkFilterPatch(patch: ConfigNode, limits: Limits): Judged {
  const operation = patch.get('patch', 'operation');
  const value = patch.get('patch', 'value');
  const at = patch.get('match', 'listener', 'filterChain', 'filter', 'subFilter', 'name').text ?? '';
  const read: FilterPatch = { operation, value, at };
  switch (operation.text) {
    case 'REMOVE':
      return checkRemoval(read);
    case 'MERGE':
      return checkMerge(read, limits);
    default:
      return checkInsertion(read, limits);
  }
}

/** Without a name it takes every filter. */
function checkRemoval({ operation, at }: FilterPatch): Judged {
  const gone = at === '' || /ext_authz/.test(at);
  return {
    findings: gone ? [finding('check-disabled', operation, `# no ${operation.text} of ext_authz`)] : [],
    notChecked: gone || isKnownFilter(at) ? [] : [`${operation.place.path}: what the checked requests lose with ${at}`],
  };
}

function checkMerge({ value, at }: FilterPatch, limits: Limits): Judged {
  const { kind, name } = httpFilter(value);
  const ofCheck = /ext_authz/.test(at) || (at === '' && (kind === 'ext_authz' || kind === ''));
  const unread = ofCheck ? unreadSettings(value) : isKnownFilter(at || name) ? [] : [value];
  return { findings: checkFragment(value, limits), notChecked: unread.map(named) };
}

function checkInsertion({ operation, value, at }: FilterPatch, limits: Limits): Judged {
  const filter = httpFilter(value);
  const replaced = operation.text === 'REPLACE' && (at === '' || /ext_authz/.test(at));
  if (filter.kind === 'ext_authz') {
    const cluster = checkCluster(filter.config);
    return {
      findings: checkWholeFilter(value, limits),
      notChecked: /modelgate/i.test(filter.name + cluster)
        ? []
        : [`whether ${cluster || 'nobody'}, which ${value.place.path} asks, is Modelgate`],
    };
  }
  if (replaced) {
    return checkRemoval({ operation, value, at });
  }
  return joinJudged([
    { findings: checkFragment(value, limits), notChecked: [] },
    checkAddedFilter(filter, isBehind(operation.text, at), `of ${value.place.path}`),
  ]);
}

/** INSERT_BEFORE without a filter's name is the front. Anywhere else, rbac and cors among them, is behind the check. */
function isBehind(operation: string | undefined, at: string): boolean {
  const front = operation === 'INSERT_FIRST' || (operation === 'INSERT_BEFORE' && /^$|ext_authz/.test(at));
  return !front;
}

function named({ place }: ConfigNode): string {
  return `${place.path}: a patch of it is not read here`;
}
