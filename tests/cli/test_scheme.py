#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`jinwei scheme …` as a person uses it: list, show, check, new."""
import os
import subprocess
import sys
import tempfile
import unicodedata

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
jinwei = sys.argv[1]
results = []


def run(*words, text=None):
    done = subprocess.run([jinwei, 'scheme', *words], input=text, capture_output=True,
                          encoding='utf-8', check=False)
    return done.returncode, done.stdout, done.stderr


def check(name, condition, note=''):
    results.append(condition)
    print(f'{"ok" if condition else "not ok"} {len(results)} - {name}')
    if not condition:
        print('\n'.join('# ' + line for line in str(note).splitlines()))


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in text)


status, out, err = run('list')
rows = [line for line in out.splitlines()[1:] if line][:-1]
ids = [row.split()[0] for row in rows]
files = sorted(f[:-5] for f in os.listdir(os.path.join(ROOT, 'schemes')) if f.endswith('.yaml'))
check('list names every file of schemes/', status == 0 and sorted(ids) == files, out + err)
columns = {width(row[:row.index(row.split()[1])]) for row in rows}
check('list aligns its columns', len(columns) == 1, out)

for scheme in ids:
    status, out, err = run('show', scheme)
    check(f'show {scheme} tells title, steps and assumptions',
          status == 0 and not err and '【文件没有写明、由方案设定的地方】' in out
          and '【步骤】' in out and f'标识：{scheme}' in out, out + err)
    check(f'show {scheme} leaves no blanks at line ends, no empty section',
          not any(line.endswith(' ') for line in out.splitlines()) and '】\n【' not in out
          and '】\n\n' not in out, out)

out = run('show', 'zhangji-town')[1]
for sentence in [
        '“较差”在同一乡级范围内不少于 5%',
        '测评得分 = 100×“好”得票率 + 60×“较好”得票率 + 30×“一般”得票率 + 10×“较差”得票率',
        '党员、群众至少 30% 参加；少于 20 人的全部参加',
        '在同一市级范围内不超过该等次的 20%',
        '80 以上，不到 90', '不到 60', '3 月 27 日至 3 月 30 日', '整顿期限 6 到 12 个月',
        '得分相同时先比党员群众测评', '自评要：打分、包村干部确认、盖公章']:
    check(f'show zhangji-town says {sentence}', sentence in out, out)
check('show zunyi tells what committees may add',
      '每个乡级党组织可以自设指标，满分合计不超过 20 分' in run('show', 'zunyi')[1])
check('show hnust-2019 uses its own names of levels',
      '党委提名的，每个直属党委不少于 1 个' in run('show', 'hnust-2019')[1])
check('show city-2020 tells who is picked from the bottom',
      '在同一县级范围内得分倒排最后 10% 的（只限村、社区）' in run('show', 'city-2020')[1])

status, out, err = run('show', 'zhangjitown')
check('an unknown scheme is told the nearest', status == 2 and '是不是 zhangji-town？' in err, err)

for scheme in files:
    status, out, err = run('check', os.path.join(ROOT, 'schemes', scheme + '.yaml'))
    check(f'check accepts schemes/{scheme}.yaml', status == 0 and '没有错误' in out, out + err)

vectors = os.path.join(ROOT, 'tests', 'vectors')
for case in sorted(os.listdir(vectors)):
    status, out, err = run('check', os.path.join(vectors, case, 'scheme.yaml'))
    check(f'check accepts the scheme of the worked case {case}', status == 0, out + err)

status, template, err = run('new')
status, out, err = run('check', '-', text=template)
check('the template of `new` passes `check -`', status == 0 and 'my-scheme' in out, out + err)

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, 'wrong.yaml')
    with open(path, 'w', encoding='utf-8') as f:
        f.write(template.replace('weight: 50%', 'weight: 40%').replace('max: 20}', 'maks: 20}', 1))
    status, out, err = run('check', path)
    lines = err.splitlines()
    check('check lists all faults and ends with 2', status == 2 and not out, out + err)
    check('… the key with the nearest one',
          any('indicators[leader].maks：没有这个键：“maks”，是不是 max？' in line for line in lines), err)
    check('… the sum', any('各评价主体的权重合计 90%，应为 100%' in line for line in lines), err)
    check('… each with file and line', all(line.startswith(f'{path} 第 ') for line in lines[:-1]), err)
    check('… and how many there are', lines[-1].startswith('共 3 处错误'), err)
    status, out, err = run('check', os.path.join(folder, 'nothing.yaml'))
    check('a file that is not there is said so', status == 2 and '没有方案文件' in err, err)
    status, out, err = run('check', folder)
    check('a folder is no scheme', status == 1 and '文件夹' in err, (status, err))

with open('/dev/full', 'w', encoding='utf-8') as full:
    done = subprocess.run([jinwei, 'scheme', 'list'], stdout=full, stderr=subprocess.PIPE,
                          encoding='utf-8', check=False)
check('a list that could not be written is no success',
      done.returncode == 1 and '无法写入标准输出' in done.stderr, done)

print(f'1..{len(results)}')
sys.exit(not all(results))
