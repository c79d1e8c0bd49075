"""What is typed in the cases of keys.json. `<NAME>` is a key that is no character; `<SIZE 30x100>` changes the window instead."""
import re

NAMED = {'UP': '\x1b[A', 'DOWN': '\x1b[B', 'RIGHT': '\x1b[C', 'LEFT': '\x1b[D', 'HOME': '\x1b[H', 'END': '\x1b[F', 'DEL': '\x1b[3~',
         'C-RIGHT': '\x1b[1;5C', 'C-LEFT': '\x1b[1;5D', 'BS': '\x7f', 'TAB': '\t', 'CR': '\r', 'LT': '<', 'ESC': '\x1b', 'C-_': '\x1f'}


def keys(text):
    """One string for each key. `<PASTE text>` arrives at once."""
    out = []
    for m in re.finditer(r'<PASTE ([^>]*)>|<([^>]+)>|(.)', text, re.S):
        if m[1] is not None:
            out.append(m[1].replace('|', '\r'))
        elif m[3] is not None:
            out.append(m[3])
        elif m[2] in NAMED:
            out.append(NAMED[m[2]])
        elif m[2].startswith('C-'):
            out.append(chr(ord(m[2][2].upper()) - 64))
        elif m[2].startswith('M-'):
            out.append('\x1b' + m[2][2:])
        else:
            assert m[2].startswith('SIZE '), m[2]
            out.append(m[2])
    return out


COMMON = {
    'insert': 'echo ac<LEFT>b<CR>',
    'erase': 'echo abcd<BS><BS>x<CR>ech<LEFT><LEFT><DEL><DEL><C-H>x<CR>',
    'home-end': 'cho a<HOME>e<END>b<C-A><RIGHT><C-E>c<C-B><C-B><C-F>-<CR>',
    'kill': 'echo one two three<C-W><C-W>x<C-A><C-K>echo y<LEFT><LEFT><C-U>ec<CR>',
    'history': 'echo one<CR>echo two<CR><UP><UP><DOWN><UP><CR><C-P><C-P><C-N><CR><UP><UP><UP><UP><UP><UP><DOWN><DOWN><DOWN><DOWN><DOWN><DOWN><CR>',
    'history-edit': 'echo one<CR>ech<UP><LEFT><LEFT>X<CR><UP><BS><DOWN><C-C>',
    'ctrl-c': 'echo abc<C-C><C-C>echo $?<CR>sleep 9<CR><C-C>echo $?<CR>echo abc<LEFT><LEFT><C-C>',
    'ctrl-d': 'echo abc<LEFT><LEFT><C-D><CR><C-D>',
    'ctrl-l': 'echo a<CR>ech<C-L>o b<CR>',
    'tab-unique': 'ls /etc/pass<TAB><CR>cd /ho<TAB><CR>cat /nope<TAB><C-U>',
    'tab-many': 'cd /tmp; mkdir t; touch t/host t/hosts t/hostname t/x.y; cd t<CR>ls ho<TAB>na<TAB><CR>ls h<TAB><TAB><C-U>ls <TAB><TAB><C-U>cat x<TAB>ho<LEFT><LEFT><LEFT><TAB><C-C>',
    'continue': 'for i in 1 2<CR>do echo $i<CR>done<CR>echo "a<CR>b"<CR>echo a \\<CR>b<CR>if true<CR><C-C><UP><CR><C-C>cat <LT><LT>E<CR>x<CR>E<CR>',
    'jobs': 'sleep 5<CR><C-Z>jobs<CR>bg<CR>jobs<CR>fg<CR><C-C>sleep 0.2 &<CR><CR><CR>',
    'jobs-more': 'sleep 50 | cat<CR><C-Z>sleep 60<CR><C-Z>jobs<CR>fg %1<CR><C-Z>bg %2<CR>kill %1<CR><CR>jobs<CR>kill %%<CR><CR>exit<CR>',
    'stopped-exit': 'sleep 50<CR><C-Z><C-D>exit<CR>',
    'bg-done': 'sleep 0.1 &<CR>sleep 0.3<CR>sleep 5 & sleep 6 &<CR>jobs<CR>kill %1 %2<CR><CR>wait<CR>',
    'read': 'read a<CR>xy<BS>z<CR>echo "[$a]"<CR>read -p "name? " b<CR>q<CR>read -r c<CR><C-D>echo $?<CR>',
    'noecho': 'stty -echo; read p; stty echo; echo "[$p]"<CR>secret<CR>cat<CR>ab<BS>c<CR><C-D>',
    'wrap': 'echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa<C-A><C-E><BS><LEFT>X<CR><UP><UP><C-U><CR>',
    'resize': 'echo abc<SIZE 30x100><CR>stty size<CR><SIZE 24x80><CR>sleep 0.7<CR><SIZE 20x90>',
    'ahead': '<PASTE echo one|echo two|>read x; echo "[$x]"<CR><PASTE abc|echo z|>',
    'trap': 'trap "echo got" INT<CR>echo a<C-C><C-C>sleep 5<CR><C-C>',
    'set-prompt': "PS1='$PWD> '<CR>cd tmp<CR>x<BS><CR>PS2='+ '<CR>echo '<CR>'<CR>",
    'ctrl-c-list': 'sleep 9; echo hi<CR><C-C>while :; do sleep 1; done<CR><C-C>echo $?<CR>sleep 9 | cat; echo no<CR><C-C>(sleep 9; echo sub)<CR><C-C>f() { sleep 9; echo in f; }; f<CR><C-C>echo $(sleep 9; echo x)<CR><C-C>echo $?<CR>',
    'exit': 'exit 3<CR>',
}
EDITED = {
    'yank': 'echo one two<C-W><C-Y><C-Y><CR>',
    'words': 'echo one two three<M-b><M-b>X<M-f>Y<M-d><CR>',
    'words-more': 'echo a-b /c/d<C-LEFT><C-LEFT>x<C-RIGHT>y<C-W><C-W><C-E><C-W><CR>',
    'search': 'echo one<CR>ls /nope<CR>echo two<CR><C-R>one<CR><C-R>ec<C-R><C-R><LEFT><C-C><C-R>zz<C-C>',
    'tab-command': 'mkfif<TAB><C-U>unali<TAB><C-U>who<TAB><TAB><C-C>xyzz<TAB><TAB><C-U>ls; unam<TAB><C-U>ls | unam<TAB><C-C>',
    'tab-var': 'echo $HOM<TAB><CR>echo $HO<TAB><TAB><C-C>',
    'tab-quote': 'cd /tmp<CR>echo >"a b"<CR>cat a<TAB><CR>cat "a<TAB><C-C>mkdir d1 d2<CR>cd d<TAB><TAB>1<TAB><CR>',
    'tab-tilde': 'ls ~<TAB><C-U>ls ~/<TAB><C-U>ls ~roo<TAB><C-C>',
    'controls': 'a<C-V><C-G><M-x><CR><C-T>\x1b[5~<CR><C-Z><C-\\>ab<C-G><C-O>',
    'wide': 'echo äö<LEFT><BS>x<CR><UP><C-A><RIGHT><DEL><C-C>',
    'two-lines': "PS1='\\w\\n\\$ '<CR>echo a<CR><UP><C-L><C-A><C-K><CR>",
    'history-list': 'echo one<CR>echo one<CR> echo two<CR>history<CR>',
}
BASH = {
    'bang': 'echo one<CR>!!<CR>echo !$ x<CR>!nope<CR>echo "!e"<CR>',
    'edit-more': 'echo one two<M-.><C-_><C-A><M-d><C-Y><M-u><M-l><M-c><C-E><C-T><CR><M-.><C-C>',
    'paste': '<PASTE \x1b[200~echo pasted\x1b[201~><CR>',
    'colour-prompt': "PS1='\\[\\e[32m\\]x\\[\\e[0m\\]> '<CR>echo a<LEFT>b<C-A><C-K><UP><C-C>",
    'kill-more': 'echo a b c<M-BS><M-BS><C-Y><M-y><C-U><C-Y><CR>'.replace('<M-BS>', '<M-\x7f>'),
    'tab-all': 'z<TAB><TAB><C-U>ls /usr/bin/z<TAB><TAB><C-C>',
}
ASH = {
    'less': 'seq 100 | less<CR> b/50<CR>nG gq',
    'more': 'seq 60 | more<CR> <CR> q',
    'vi': 'vi /tmp/x<CR>ione<ESC>:wq<CR>cat /tmp/x<CR>',
    'less-search': "seq 100 | sed 's/5/55/' > /tmp/f; less /tmp/f<CR>/5+<CR>/1.5*<CR>nnNN?9<CR>nn/zz<CR>/[<CR>/<CR>/5<BS>7<CR>q",
    'less-percent': 'seq 100 > /tmp/f; less -M /tmp/f<CR> <CR>jkyG20gp50pgq',
    'less-numbers': "printf 'a\\tb\\n\\nlong %0100d\\nend\\n' 5 > /tmp/f; less -N /tmp/f<CR>j/0<CR>q",
    'less-fold': "printf 'a\\tb\\n\\nlong %0100d\\nend\\n' 5 > /tmp/f; less /tmp/f<CR>q less -S /tmp/f<CR>qless -~ /tmp/f<CR>q",
    'less-files': 'seq 40 > /tmp/a; seq 50 60 > /tmp/b; less /tmp/a /tmp/b<CR> :n:p:f:xGq',
    'less-quit': 'seq 30 > /tmp/f; less -E /tmp/f<CR>    <CR>less -F /nosuch<CR>',
    'less-controls': "printf 'a\\001\\033[31mb\\177c\\n' > /tmp/f; less /tmp/f<CR>:n=q",
    'less-quit-short': 'seq 3 > /tmp/f; less -E /tmp/f<CR>q',
    'less-window': 'seq 60 > /tmp/f; less -N /tmp/f<CR> <SIZE 10x40>jq',
    'less-file': 'seq 30 > /tmp/f; less /tmp/f<CR><DOWN><UP><SIZE 10x40>q',
    'watch': 'watch -t -n1 echo hi<CR><C-C>',
    'histfile': 'echo one<CR>ls -a /root<CR>cat /root/.ash_history<CR>',
    'colour-prompt': "PS1='\\[\\e[32m\\]x\\[\\e[0m\\]> '<CR>echo a<LEFT>b<C-A><C-K><UP><C-C>",
}
GROUPS = (
    ('ash', 'busybox', 'sh', {**COMMON, **EDITED, **ASH}),
    ('dash', 'debian', 'sh', COMMON),
    ('bash', 'debian', 'bash', {**COMMON, **EDITED, **BASH}),
)
CASES = [{'name': f'{group}-{name}', 'image': image, 'argv': [shell], 'keys': keys(text)}
         for group, image, shell, cases in GROUPS for name, text in cases.items()]
