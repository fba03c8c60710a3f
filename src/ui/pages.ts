import type { FunctionComponent } from 'preact';
import { ExplainPage } from './pages/explain/explain-page.tsx';
import { LivePage } from './pages/live/live-page.tsx';
import { ModelPage } from './pages/models/model-page.tsx';
import { ModelsPage } from './pages/models/models-page.tsx';
import { ProjectsPage } from './pages/projects/projects-page.tsx';
import { link } from './route.ts';

export type Params = Readonly<Record<string, string>>;

/** A step of the way that the breadcrumb shows; without an address it is where you are. */
export interface Crumb {
  readonly text: string;
  readonly href?: string;
}

export interface Page {
  /** Below `#`, with `:name` for a part that varies. */
  readonly path: string;
  /** Its place in the navigation; absent: it is reached from another page. */
  readonly navigation?: { readonly text: string; readonly group: 'everybody' | 'site' };
  readonly crumbs: (params: Params) => readonly Crumb[];
  readonly View: FunctionComponent<{ readonly params: Params }>;
}

const param = (params: Params, name: string) => params[name] ?? '';
const projects = { text: 'Projects', href: link`/projects` };

/** Every page there is; the first whose path fits is shown, and the navigation has them in this order. */
export const pages: readonly Page[] = [
  {
    path: '/projects',
    navigation: { text: 'Projects', group: 'everybody' },
    crumbs: () => [{ text: 'Projects' }],
    View: ProjectsPage,
  },
  {
    path: '/projects/:project/models/:model',
    crumbs: params => [
      projects,
      { text: param(params, 'project'), href: link`/projects/${param(params, 'project')}` },
      { text: param(params, 'model') },
    ],
    View: ModelPage,
  },
  {
    path: '/live',
    navigation: { text: 'Live', group: 'everybody' },
    crumbs: () => [{ text: 'Live' }],
    View: LivePage,
  },
  {
    path: '/explain',
    navigation: { text: 'Explain', group: 'everybody' },
    crumbs: () => [{ text: 'Explain' }],
    View: ExplainPage,
  },
  {
    path: '/models',
    navigation: { text: 'Models', group: 'site' },
    crumbs: () => [{ text: 'Models' }],
    View: ModelsPage,
  },
];
