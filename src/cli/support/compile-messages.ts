/*
 * Compiles the message files. The build does so itself; this is for what runs without one: operator commands in
 * a fresh clone, and the type check.
 */
import { compile } from '@inlang/paraglide-js';
import { paraglideOptions } from '../../lib/i18n/paraglide-options.ts';

await compile({ ...paraglideOptions, strategy: [...paraglideOptions.strategy] });
