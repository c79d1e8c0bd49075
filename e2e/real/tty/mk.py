import json
def K(s):  # text one key at a time; <NAME> are special keys
    import re
    M={'UP':'\x1b[A','DOWN':'\x1b[B','RIGHT':'\x1b[C','LEFT':'\x1b[D','HOME':'\x1b[H','END':'\x1b[F','DEL':'\x1b[3~','BS':'\x7f','TAB':'\t','CR':'\r','ESC':'\x1b'}
    out=[]
    for m in re.finditer(r'<([^>]+)>|(.)',s,re.S):
        if m[1]:
            n=m[1]
            if n in M: out.append(M[n])
            elif n.startswith('C-'): out.append(chr(ord(n[2].upper())-64))
            elif n.startswith('M-'): out.append('\x1b'+n[2:])
            elif n.startswith('SIZE'): out.append(n)
            elif n=='PASTE': out.append
            else: raise Exception(n)
        else: out.append(m[2])
    return out
ed={
 'insert': 'echo ac<LEFT>b<CR>',
 'erase': 'echo abcd<BS><BS>x<CR>ech<LEFT><LEFT><DEL><DEL><C-H>x<CR>',
 'home-end': 'cho a<HOME>e<END>b<C-A><RIGHT><C-E>c<C-B><C-B><C-F>-<CR>',
 'kill': 'echo one two three<C-W><C-W>x<C-A><C-K>echo y<LEFT><LEFT><C-U>ec<CR>',
 'yank': 'echo one two<C-W><C-Y><C-Y><CR>',
 'words': 'echo one two three<M-b><M-b>X<M-f>Y<M-d><CR>',
 'history': 'echo one<CR>echo two<CR><UP><UP><DOWN><UP><CR><C-P><C-P><C-N><CR><UP><UP><UP><UP><UP><UP><DOWN><DOWN><DOWN><DOWN><DOWN><DOWN><CR>',
 'history-edit': 'echo one<CR>ech<UP><LEFT><LEFT>X<CR><UP><BS><DOWN><C-C>',
 'search': 'echo one<CR>ls /nope<CR>echo two<CR><C-R>one<CR><C-R>ec<C-R><C-R><LEFT><C-C><C-R>zz<C-C>',
 'ctrl-c': 'echo abc<C-C><C-C>echo $?<CR>sleep 9<CR><C-C>echo $?<CR>',
 'ctrl-d': 'echo abc<LEFT><LEFT><C-D><CR><C-D>',
 'ctrl-l': 'echo a<CR>ech<C-L>o b<CR>',
 'tab-unique': 'ls /etc/pass<TAB><CR>cd /ho<TAB><CR>cat /nope<TAB><C-U>',
 'tab-many': 'ls /etc/host<TAB>na<TAB><CR>ls /etc/h<TAB><TAB><C-U>ls /h<TAB>',
 'tab-command': 'mkfi<TAB><C-U>unali<TAB><C-U>who<TAB><TAB><C-C>xyzz<TAB><TAB><C-U>',
 'tab-var': 'echo $HOM<TAB><CR>echo $HO<TAB><TAB><C-C>',
 'tab-quote': 'cd /tmp<CR>echo >"a b"<CR>cat a<TAB><CR>cat "a<TAB><CR>mkdir d1 d2<CR>cd d<TAB><TAB>1<TAB><CR>',
 'continue': 'for i in 1 2<CR>do echo $i<CR>done<CR>echo "a<CR>b"<CR>echo a \\<CR>b<CR>if true<CR><C-C><UP><CR>',
 'jobs': 'sleep 5<CR><C-Z>jobs<CR>bg<CR>jobs<CR>fg<CR><C-C>sleep 0.2 &<CR><CR><CR>',
 'bg-done': 'sleep 0.1 &<CR>sleep 0.3<CR>sleep 5 & sleep 6 &<CR>jobs<CR>kill %1 %2<CR><CR>wait<CR>',
 'read': 'read a<CR>xy<BS>z<CR>echo "[$a]"<CR>read -p "name? " b<CR>q<CR>read -r c<CR><C-D>echo $?<CR>',
 'noecho': 'stty -echo; read p; stty echo; echo "[$p]"<CR>secret<CR>cat<CR>ab<BS>c<CR><C-D>',
 'wrap': 'echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa<C-A><C-E><BS><LEFT>X<CR><UP><UP><C-U><CR>',
 'resize': 'echo abc<SIZE 30x100><CR>stty size<CR><SIZE 24x80><CR>',
 'controls': 'a<C-V><C-G><M-x><CR><C-T>\x1b[5~<CR>',
 'exit': 'exit 3<CR>',
}
cases=[]
for img,sh in (('busybox','sh'),('debian','sh'),('debian','bash')):
    for n,k in ed.items():
        if (img,sh)==('debian','sh') and n in ('yank','words','search','tab-quote','tab-command','tab-var','controls'): continue
        k = k.replace('mkfi','mkfif') if img=='busybox' else k
        cases.append({'name':f"{'ash' if img=='busybox' else 'dash' if sh=='sh' else 'bash'}-{n}",'image':img,'argv':[sh],'keys':K(k)})
scr={'less':('sh','seq 100 | less<CR> b/50<CR>nG gq'),'more':('sh','seq 60 | more<CR> <CR> q'),'vi':('sh','vi /tmp/x<CR>ione<ESC>:wq<CR>cat /tmp/x<CR>')}
for n,(sh,k) in scr.items(): cases.append({'name':f'ash-{n}','image':'busybox','argv':[sh],'keys':K(k)})
open('cases.json','w').write('[\n'+',\n'.join(json.dumps(c) for c in cases)+'\n]\n')
print(len(cases), sum(len(c['keys']) for c in cases))
