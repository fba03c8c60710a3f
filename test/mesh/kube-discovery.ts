import type { KubeResource } from './kube-objects.ts';
import type { KubeStore } from './kube-store.ts';

/** What the stub answers to the paths by which clients learn its kinds; undefined for every other path. */
export function discovery(store: KubeStore, path: string): unknown {
  const parts = path.split('/').filter(part => part !== '');
  const all = store.tables.map(table => table.resource);
  if (path === '/version') return { major: '1', minor: '33', gitVersion: 'v1.33.0' };
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (path === '/api/v1')
    return listOf(
      'v1',
      all.filter(resource => resource.group === ''),
    );
  if (path === '/apis') {
    const groups = [...new Set(all.map(resource => resource.group))].filter(group => group !== '');
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(group => groupOf(group, all)) };
  }
  if (parts[0] !== 'apis' || parts.length > 3) return undefined;
  const [, group = '', version] = parts;
  if (!all.some(resource => resource.group === group)) return undefined;
  if (version === undefined) return { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group, all) };
  return listOf(
    `${group}/${version}`,
    all.filter(resource => resource.group === group && resource.versions.includes(version)),
  );
}

function groupOf(name: string, all: readonly KubeResource[]) {
  const versions = [...new Set(all.filter(({ group }) => group === name).flatMap(resource => resource.versions))]
    .sort()
    .map(version => ({ groupVersion: `${name}/${version}`, version }));
  return {
    name,
    versions,
    preferredVersion: versions.find(({ version }) => !/alpha|beta/.test(version)) ?? versions[0],
  };
}

function listOf(groupVersion: string, resources: readonly KubeResource[]) {
  const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion,
    resources: resources.flatMap(({ plural, kind, namespaced }) =>
      ['', '/status'].map(part => ({ name: plural + part, singularName: '', namespaced, kind, verbs })),
    ),
  };
}
