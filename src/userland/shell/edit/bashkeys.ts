// Keys of readline in emacs mode that begin with the escape character. Counterpart: readline 8.2 emacs_keymap.c, terminal.c

const ARROWS = { A: 'up', B: 'down', C: 'right', D: 'left', H: 'home', F: 'end' } as const;

/** What follows the escape character, and the key it is. */
export const BASH_KEYS: ReadonlyMap<string, string> = new Map<string, string>([
  ...Object.entries(ARROWS).flatMap(([letter, name]): [string, string][] => [
    [`[${letter}`, name],
    [`O${letter}`, name],
  ]),
  ...['1;5', '1;3', '5', '3'].flatMap((modifier): [string, string][] => [
    [`[${modifier}C`, 'word right'],
    [`[${modifier}D`, 'word left'],
  ]),
  ['[1~', 'home'],
  ['[3~', 'delete'],
  ['[4~', 'end'],
  ['[5~', 'up'],
  ['[6~', 'down'],
  ['[7~', 'home'],
  ['[8~', 'end'],
  ['[200~', 'paste'],
  ['b', 'word left'],
  ['f', 'word right'],
  ['d', 'delete word'],
  ['\x7f', 'erase word'],
  ['\b', 'erase word'],
  ['.', 'last argument'],
  ['_', 'last argument'],
  ['u', 'upper'],
  ['l', 'lower'],
  ['c', 'capital'],
  ['<', 'first line'],
  ['>', 'last line'],
  ['r', 'revert'],
  ['y', 'yank pop'],
]);
