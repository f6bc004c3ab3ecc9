# SPDX-License-Identifier: Apache-2.0
"""The programs that are measured: jinwei and its peers, each as whole processes.

A program is a class with `name`, `missing()` (why it cannot run here, or None)
and `run(job)`, which writes job.out and job.summary and returns a Cost.
"""
import dataclasses
import glob
import json
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import threading
import time

BENCH = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(BENCH)
PEERS = os.path.join(BENCH, 'peers')
SCHEME = os.path.join(BENCH, 'zhangji-bench.yaml')
THREADS = 2
PHASES = ('load', 'compute', 'export')


class Failed(Exception):
    """A program did not do its work; the text says why."""


@dataclasses.dataclass
class Job:
    """One computation: the files it reads, the files it writes, a folder for scratch."""
    orgs: str
    scores: str
    ballots: str
    counted: bool       # ballots have a column count
    out: str
    summary: str
    scratch: str


@dataclasses.dataclass
class Cost:
    wall: float         # seconds
    cpu: float          # seconds, user and system
    memory: int         # peak, bytes
    phases: dict        # seconds by name; empty where the program does not tell


def measured(build, command, job, allowed=(0,), **options):
    """Runs a command through build/bench/measure; its cost and its output."""
    result = os.path.join(job.scratch, 'cost.json')
    done = subprocess.run([os.path.join(build, 'bench/measure'), result, *command],
                          capture_output=True, text=True, check=False, **options)
    if done.returncode not in allowed:
        raise Failed(f'{command[0]}: exit status {done.returncode}: {done.stderr[-2000:]}')
    with open(result, encoding='utf-8') as f:
        cost = json.load(f)
    return Cost(cost['wall'], cost['cpu'], cost['memory'], {}), done.stdout


def script(name, job, **paths):
    """A peer's SQL by phase, with the job's files filled in."""
    values = dataclasses.asdict(job) | paths
    values |= {'count': 'count' if job.counted else '1'}
    # What declares the column, in each peer's own words.
    column = {'duckdb.sql': ", 'count': 'INTEGER'"}.get(name, ', count integer')
    values |= {'count_column': column if job.counted else ''}
    with open(os.path.join(PEERS, name), encoding='utf-8') as f:
        text = f.read()
    text = re.sub(r'\{(\w+)\}', lambda m: str(values.get(m[1], m[0])), text)
    parts = re.split(r'^-- phase: (\w+)\n', text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2]))


class Jinwei:
    name = 'jinwei'

    def __init__(self, build):
        self.build = build
        self.program = os.path.join(build, 'jinwei')

    def missing(self):
        return None if self._help() else f'{self.program} has no command grade'

    def run(self, job):
        command = [self.program, 'grade', '--scheme', SCHEME, '--orgs', job.orgs,
                   '--scores', job.scores, '--ballots', job.ballots,
                   '--out', job.out, '--summary', job.summary]
        timings = os.path.join(job.scratch, 'timings.json')
        if '--timings' in self._help():
            command += ['--timings', timings]
        # 3: written, and some organisations are not graded; that is so in the data.
        cost, _ = measured(self.build, command, job, allowed=(0, 3))
        if '--timings' in command:
            with open(timings, encoding='utf-8') as f:
                cost.phases = json.load(f)
        return cost

    def _help(self):
        if not os.access(self.program, os.X_OK):
            return ''
        done = subprocess.run([self.program, 'grade', '--help'], capture_output=True, text=True,
                              check=False)
        return done.stdout if done.returncode == 0 else ''


class DuckDB:
    name = 'DuckDB'

    def __init__(self, build):
        self.build = build

    def missing(self):
        if not shutil.which('node'):
            return 'node is not installed'
        if not os.path.isdir(os.path.join(ROOT, 'node_modules/@duckdb/node-api')):
            return '@duckdb/node-api is not installed (npm ci)'
        return None

    def run(self, job):
        path = os.path.join(job.scratch, 'duckdb.json')
        with open(path, 'w', encoding='utf-8') as f:
            json.dump(script('duckdb.sql', job), f)
        cost, output = measured(self.build, ['node', os.path.join(PEERS, 'duckdb.mjs'), path,
                                             str(THREADS)], job, cwd=ROOT)
        cost.phases = json.loads(output)
        return cost


class SQLite:
    name = 'SQLite'

    def __init__(self, build):
        self.build = build

    def missing(self):
        return None if shutil.which('sqlite3') else 'sqlite3 is not installed'

    def run(self, job):
        database = os.path.join(job.scratch, 'bench.sqlite')
        path = os.path.join(job.scratch, 'sqlite.sql')
        clock = '.shell date +"clock %s.%N"\n'
        with open(path, 'w', encoding='utf-8') as f:
            f.write(clock.join(['', *script('sqlite.sql', job).values(), '.output\n', '']))
        try:
            cost, output = measured(
                self.build, ['sqlite3', '-bail', database, f'.read {path}'], job,
                env=os.environ | {'SQLITE_TMPDIR': job.scratch})
        finally:
            if os.path.exists(database):
                os.remove(database)
        at = [float(t) for t in re.findall(r'^clock (\S+)$', output, flags=re.MULTILINE)]
        cost.phases = {phase: b - a for phase, a, b in zip(PHASES, at, at[1:])}
        return cost


class PostgreSQL:
    """A cluster of its own on a Unix socket, gone afterwards. Start and stop are
    not in the wall time, but in the processor time."""
    name = 'PostgreSQL'

    SETTINGS = {
        'listen_addresses': '', 'autovacuum': 'off', 'fsync': 'off', 'synchronous_commit': 'off',
        'full_page_writes': 'off', 'wal_level': 'minimal', 'max_wal_senders': '0',
        'max_wal_size': '8GB', 'shared_buffers': '2GB', 'effective_cache_size': '8GB',
        'work_mem': '512MB', 'maintenance_work_mem': '512MB',
        'max_parallel_workers_per_gather': str(THREADS - 1),
    }

    def __init__(self, build):
        self.build = build
        found = glob.glob('/usr/lib/postgresql/*/bin/postgres')
        latest = max(found, key=lambda path: int(path.split('/')[4])) if found else ''
        self.programs = os.path.dirname(latest)

    def missing(self):
        if not self.programs or not shutil.which('psql'):
            return 'PostgreSQL is not installed'
        return None

    def run(self, job):
        # Not in job.scratch: a socket's path is short, and the unprivileged
        # user must be able to reach it.
        folder = tempfile.mkdtemp(prefix='jinwei-pg.')
        user = self._user()
        try:
            if user:
                shutil.chown(folder, user)
            return self._run_cluster(job, folder, {'user': user} if user else {})
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @staticmethod
    def _user():
        """PostgreSQL refuses to run as root; None: we are not root."""
        if os.geteuid() != 0:
            return None
        names = {entry.pw_name for entry in pwd.getpwall()}
        return 'postgres' if 'postgres' in names else 'nobody'

    def _run_cluster(self, job, folder, as_user):
        data = os.path.join(folder, 'data')
        subprocess.run([os.path.join(self.programs, 'initdb'), '-D', data, '-U', 'bench',
                        '-A', 'trust', '-N', '--locale=C.UTF-8'],
                       check=True, capture_output=True, cwd=folder, **as_user)
        settings = [word for name, value in self.SETTINGS.items()
                    for word in ('-c', f'{name}={value}')]
        result = os.path.join(folder, 'cost.json')
        with open(os.path.join(folder, 'log'), 'w', encoding='utf-8') as log, subprocess.Popen(
                [os.path.join(self.build, 'bench/measure'), result,
                 os.path.join(self.programs, 'postgres'), '-D', data, '-k', folder, *settings],
                stdout=log, stderr=log, cwd=folder, **as_user) as server:
            try:
                self._wait_ready(folder)
                with Memory(server.pid) as memory:
                    phases = self._run_script(job, folder)
            finally:
                self._stop(data)
                server.wait()
        for name, path in (('out.csv', job.out), ('summary.csv', job.summary)):
            shutil.copyfile(os.path.join(folder, name), path)
        with open(result, encoding='utf-8') as f:
            cost = json.load(f)
        return Cost(sum(phases.values()), cost['cpu'], memory.peak, phases)

    def _psql(self, folder, **options):
        return subprocess.run(['psql', '-h', folder, '-U', 'bench', '-d', 'postgres', '-Xq',
                               '-v', 'ON_ERROR_STOP=1'], capture_output=True, text=True,
                              check=False, **options)

    def _wait_ready(self, folder):
        deadline = time.monotonic() + 30
        while self._psql(folder, input='SELECT 1;').returncode != 0:
            if time.monotonic() > deadline:
                with open(os.path.join(folder, 'log'), encoding='utf-8') as log:
                    raise Failed(f'PostgreSQL did not start: {log.read()[-2000:]}')
            time.sleep(0.1)

    def _run_script(self, job, folder):
        phases = {}
        parts = script('postgresql.sql', job, out=os.path.join(folder, 'out.csv'),
                       summary=os.path.join(folder, 'summary.csv'))
        for phase, text in parts.items():
            before = time.monotonic()
            done = self._psql(folder, input=text)
            phases[phase] = time.monotonic() - before
            if done.returncode != 0:
                raise Failed(f'PostgreSQL: {done.stderr[-2000:]}')
        return phases

    @staticmethod
    def _stop(data):
        """Fast shutdown of the server we started, by the number it wrote down."""
        try:
            with open(os.path.join(data, 'postmaster.pid'), encoding='utf-8') as f:
                os.kill(int(f.readline()), 2)
        except FileNotFoundError:
            pass        # it never started, or is gone


class Memory:
    """Watches a tree of processes: the peak of the sum of their proportional
    set sizes, so that shared buffers count once. Sampled five times a second."""

    def __init__(self, pid):
        self.pid = pid
        self.peak = 0
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._watch)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()

    def _watch(self):
        while not self.done.wait(0.2):
            self.peak = max(self.peak, sum(map(self._size, self._tree(self.pid))))

    def _tree(self, pid):
        yield pid
        try:
            with open(f'/proc/{pid}/task/{pid}/children', encoding='ascii') as f:
                children = f.read().split()
        except OSError:
            return
        for child in children:
            yield from self._tree(int(child))

    @staticmethod
    def _size(pid):
        try:
            with open(f'/proc/{pid}/smaps_rollup', encoding='ascii') as f:
                return sum(int(line.split()[1]) << 10 for line in f if line.startswith('Pss:'))
        except OSError:
            return 0
