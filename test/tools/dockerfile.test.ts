import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readComposeFile } from '../support/compose.ts';
import { readStages, replayStage, type Stage, wordsOf } from '../support/dockerfile.ts';
import { type Image, openImage } from '../support/in-image.ts';
import { freePort } from '../support/ports.ts';
import { until } from '../support/until.ts';

/** The native part of the store is compiled from its source, and everything else twice. */
const buildMsMax = 900_000;

/** The Dockerfile without an engine: what its stages copy and run, and what comes of it as a container would run it. */
describe('the image', function () {
  this.timeout(buildMsMax);
  // On a disk: two installations are too much for files in memory.
  const folder = mkdtempSync(join(tmpdir(), 'modelgate-image-'));
  const app = join(folder, 'image/app');
  const stages = readStages();
  const runtime = stages.at(-1) as Stage;
  const entrypoint = wordsOf(runtime, 'ENTRYPOINT');
  const data = { MODELGATE_DATA: '/var/lib/modelgate/data' };
  let image: Image;
  let server: ChildProcess | undefined;

  before(() => {
    image = openImage(join(folder, 'image'), join(folder, 'volumes'));
    for (const stage of stages) {
      replayStage(stage, folder);
    }
  });
  after(() => {
    server?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('is built of the files that the Dockerfile copies, and holds what runs and no more', () => {
    expect(readdirSync(app).sort()).to.deep.equal(['LICENSE', 'dist', 'node_modules', 'package.json', 'proto']);
    expect(readdirSync(join(app, 'dist')).sort()).to.deep.equal(['envoy', 'src', 'ui']);
    const sqlite = 'sqlite3/build/Release';
    // What a compiler leaves behind tells that the native part was not fetched ready-made.
    const wanted = [`${sqlite}/node_sqlite3.node`, `${sqlite}/obj.target`];
    const found = [...wanted, 'typescript', 'mocha', '@biomejs'].filter(name =>
      existsSync(join(app, 'node_modules', name)),
    );
    expect(found).to.deep.equal(wanted);
  });

  it('runs as a user without rights and writes nothing but its volumes', async () => {
    const script = `const fs = require('node:fs');
      const write = path => { try { fs.writeFileSync(path, ''); return 'written'; } catch ({ code }) { return code; } };
      console.log(JSON.stringify([process.getuid(), process.getgroups(), ['/app/x', '/x', '/usr/x', '/var/lib/modelgate/x', '/run/modelgate/x'].map(write)]));`;
    const { stdout, stderr } = await image.run(['node', '-e', script]);
    expect(stderr).to.equal('');
    expect(JSON.parse(stdout)).to.deep.equal([10001, [10001], ['EROFS', 'EROFS', 'EROFS', 'written', 'written']]);
  });

  it('explains itself, and has the sample model', async () => {
    const help = await image.run([...entrypoint, '--help']);
    expect([help.code, help.stderr, help.stdout.includes('modelgate serve')]).to.deep.equal([0, '', true]);
    const [node = '', script = ''] = readComposeFile().services.fraud.entrypoint ?? [];
    const model = image.start([node, script, 'fraud', '0', '127.0.0.1']);
    const [said] = await once(model.stdout ?? model, 'data');
    model.kill('SIGTERM');
    expect(String(said)).to.match(/on 127\.0\.0\.1:\d+/);
  });

  it('serves with its own command, is healthy by its own health check, and ends with 0', async () => {
    const admin = await image.run([...entrypoint, 'init', '--admin', 'root'], data);
    expect([admin.code, admin.stdout.slice(0, 4)]).to.deep.equal([0, 'mgl_']);
    const listen = `127.0.0.1:${await freePort()}`;
    const settings = {
      ...data,
      MODELGATE_CHECK_LISTEN: 'unix:/run/modelgate/check/check.sock',
      MODELGATE_ADMIN_LISTEN: listen,
    };
    server = image.start([...entrypoint, ...wordsOf(runtime, 'CMD')], settings);
    const healthCheck = wordsOf(runtime, 'HEALTHCHECK');
    const health = () => image.run(healthCheck, { MODELGATE_SERVER: `http://${listen}` });
    await until('the image is healthy', async () => (await health()).code === 0);
    expect(existsSync(join(folder, 'volumes/run/modelgate/check/check.sock'))).to.equal(true);
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    expect(await ended).to.deep.equal([0, null]);
    expect((await health()).code).to.equal(1);
  });
});
