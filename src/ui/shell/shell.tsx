import { useEffect, useRef, useState } from 'preact/hooks';
import { useSignedIn } from '../api/session.tsx';
import { matchPath } from '../match-path.ts';
import { pages } from '../pages.ts';
import { ErrorBoundary } from '../parts/error-boundary.tsx';
import { go, link, useRoute } from '../route.ts';
import { Breadcrumb } from './breadcrumb.tsx';
import { Navigation } from './navigation.tsx';
import { Search } from './search.tsx';

/** What surrounds every page: the navigation, where you are, the search, who you are. */
export function Shell() {
  const { session, signOut } = useSignedIn();
  const { path } = useRoute();
  const [isOpen, setOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const shown = findPage(path);
  const crumbs = shown?.page.crumbs(shown.params) ?? [{ text: 'Not found' }];
  const title = crumbs.map(({ text }) => text).join(' / ');
  const isStart = path === '/';
  useEffect(() => {
    if (isStart) {
      go(link`/projects`, 'replace');
    }
  }, [isStart]);
  useEffect(() => {
    document.title = `${title} - Modelgate`;
  }, [title]);
  const before = useRef(path);
  useEffect(() => {
    setOpen(false);
    if (before.current !== path) {
      before.current = path;
      // Whoever goes by keys or by ear is where the page is.
      main.current?.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
  }, [path]);
  return (
    <div class={`shell${isOpen ? ' open' : ''}`}>
      <header>
        <a
          class="skip"
          href={location.hash}
          onClick={event => {
            event.preventDefault();
            main.current?.focus({ preventScroll: true });
          }}
        >
          Skip to the page
        </a>
        <button
          type="button"
          class="menu"
          aria-expanded={isOpen}
          aria-controls="navigation"
          onClick={() => setOpen(!isOpen)}
        >
          Menu
        </button>
        <Breadcrumb crumbs={crumbs} />
        <Search />
        <div class="who">
          <a href={link`/users/${session.username}`}>{session.name || session.username}</a>
          <button type="button" onClick={signOut}>
            Sign out
          </button>
        </div>
      </header>
      <Navigation path={path} />
      <main ref={main} tabIndex={-1}>
        <ErrorBoundary key={path} what="This page">
          {shown ? <shown.page.View params={shown.params} /> : !isStart && <NotFound />}
        </ErrorBoundary>
      </main>
    </div>
  );
}

function NotFound() {
  return (
    <>
      <h1>There is no such page</h1>
      <p>
        The address may be mistyped. <a href={link`/projects`}>Go to the projects</a>
      </p>
    </>
  );
}

function findPage(path: string) {
  for (const page of pages) {
    const params = matchPath(page.path, path);
    if (params) {
      return { page, params };
    }
  }
  return undefined;
}
