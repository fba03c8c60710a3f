import { useSignedIn } from '../api/session.tsx';
import { type Page, pages } from '../pages.ts';

/** The pages that have a place of their own; those of the site for site admins only. */
export function Navigation({ path }: { path: string }) {
  const { session } = useSignedIn();
  const groups = session.site_admin ? (['everybody', 'site'] as const) : (['everybody'] as const);
  return (
    <nav id="navigation" aria-label="Pages">
      <p class="brand">Modelgate</p>
      {groups.map(group => (
        <ul key={group} aria-label={group === 'site' ? 'Site administration' : undefined}>
          {pages
            .filter(({ navigation }) => navigation?.group === group)
            .map(page => (
              <Entry key={page.path} page={page} path={path} />
            ))}
        </ul>
      ))}
    </nav>
  );
}

function Entry({ page, path }: { page: Page; path: string }) {
  const isHere = path === page.path || path.startsWith(`${page.path}/`);
  return (
    <li>
      <a href={`#${page.path}`} aria-current={isHere ? 'page' : undefined}>
        {page.navigation?.text}
      </a>
    </li>
  );
}
