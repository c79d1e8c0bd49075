// The programs of shadow.

import { ageCommands } from './chage.ts';
import { groupCommands } from './groups.ts';
import { newusers } from './newusers.ts';
import { useradd } from './useradd.ts';
import { userdel } from './userdel.ts';
import { usermod } from './usermod.ts';

export { debianPasswd } from './passwd.ts';
/** Only Debian has these. */
export const shadowCommands = { useradd, userdel, usermod, ...groupCommands, ...ageCommands, newusers };
