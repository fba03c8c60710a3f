import { writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const outDir = fileURLToPath(new URL('../../dist/ui', import.meta.url));

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Writes the one list of what is served (T29): each path, its file and its type. A file of another kind fails the build. */
function listFiles(): Plugin {
  return {
    name: 'list-files',
    writeBundle(_options, bundle) {
      const files = Object.keys(bundle).map(file => {
        const type = contentTypes[extname(file)];
        if (type === undefined) {
          throw new Error(`no content type is known for ${file}: add it in src/ui/vite.config.ts`);
        }
        return { path: file === 'index.html' ? '/' : `/${file}`, file, type };
      });
      writeFileSync(join(outDir, 'files.json'), JSON.stringify(files));
    },
  };
}

// biome-ignore lint/style/noDefaultExport: vite reads its configuration from one
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir,
    emptyOutDir: true,
    // The strict CSP allows nothing inline: no data: addresses, no script that vite would add to the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
  },
  plugins: [listFiles()],
});
