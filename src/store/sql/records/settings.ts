import type { Knex } from 'knex';
import { changedFields } from '../../changed-fields.ts';
import { defaultSettings } from '../../default-settings.ts';
import type { SettingsReads, SettingsWrites } from '../../store.ts';
import type { Recorder } from '../feed/recorder.ts';
import { settingsPut } from '../feed/to-rows.ts';
import { withPrevious } from '../feed/with-previous.ts';

export function settingsReads(db: Knex): SettingsReads {
  return {
    async readSettings() {
      const rows = await db('settings').select('name', 'value');
      return { ...defaultSettings, ...Object.fromEntries(rows.map(({ name, value }) => [name, JSON.parse(value)])) };
    },
  };
}

export function settingsWrites(tx: Knex.Transaction, recorder: Recorder): SettingsWrites {
  const { readSettings } = settingsReads(tx);
  return {
    async updateSettings(wanted) {
      const old = await readSettings();
      const changed = changedFields(old, wanted);
      for (const [name, value] of Object.entries(changed)) {
        await tx('settings')
          .insert({ name, value: JSON.stringify(value) })
          .onConflict('name')
          .merge();
      }
      if (Object.keys(changed).length > 0) {
        recorder.change(settingsPut({ ...old, ...changed }));
        recorder.audit('settings.update', 'settings', withPrevious(changed, old));
      }
    },
  };
}
