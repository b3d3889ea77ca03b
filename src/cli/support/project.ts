import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the project, wherever the command was called from. */
export const projectDir = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
export const migrationsDir = path.join(projectDir, 'drizzle', 'migrations');
export const buildDir = path.join(projectDir, 'build');
