"""seccomp: the system calls that a notebook needs; every other one answers "not implemented".

Two filters, of which the kernel obeys the stricter: one allows calls by name, one refuses some of their arguments.  They are made by
libseccomp (through pyseccomp) once, in the warm parent; a worker only loads them."""

from __future__ import annotations

import errno
import functools
import os
import resource
import signal
from typing import Any

from autograder.sandbox import kernel

# Names that one architecture lacks are left out there.
_ALLOWED = """
read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 lseek _llseek sendfile splice tee vmsplice copy_file_range
open openat creat close close_range dup dup2 dup3 ioctl pipe pipe2 eventfd eventfd2 select pselect6 poll ppoll epoll_create
epoll_create1 epoll_ctl epoll_ctl_old epoll_wait epoll_pwait epoll_pwait2 epoll_wait_old signalfd signalfd4 timerfd_create
timerfd_settime timerfd_gettime
stat fstat lstat newfstatat statx statfs fstatfs access faccessat faccessat2 readlink readlinkat getdents getdents64 getcwd chdir fchdir
truncate ftruncate fallocate fsync fdatasync sync_file_range fadvise64 readahead umask cachestat
mkdir mkdirat rmdir rename renameat renameat2 unlink unlinkat link linkat symlink symlinkat mknod mknodat
getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr
mmap munmap mremap mprotect madvise brk msync mincore mlock munlock mlock2 mlockall munlockall get_mempolicy membarrier
pkey_alloc pkey_free pkey_mprotect map_shadow_stack mseal
futex futex_waitv futex_wake futex_wait futex_requeue set_robust_list get_robust_list set_tid_address rseq
rt_sigaction rt_sigprocmask rt_sigpending rt_sigreturn rt_sigsuspend rt_sigtimedwait sigaltstack restart_syscall pause alarm
getitimer setitimer timer_create timer_settime timer_gettime timer_getoverrun timer_delete
nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time times
getpid gettid getppid getpgid getpgrp getsid setsid setpgid getuid geteuid getgid getegid getresuid getresgid getgroups capget
getrlimit setrlimit getrusage sysinfo uname getcpu getrandom getpriority ioprio_get
sched_yield sched_getaffinity sched_getparam sched_getscheduler sched_get_priority_max sched_get_priority_min sched_getattr
arch_prctl exit exit_group wait4 waitid kill tgkill
sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg shutdown getsockname getpeername getsockopt setsockopt
"""
# What changes a file's metadata, which Landlock does not look at: fine where all but the work folder is mounted read-only.
_METADATA = """
chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utime utimes utimensat futimesat
setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr
"""
# Known calls that are refused with "not permitted" instead of "not implemented", which some libraries explain better to students.
_REFUSED = """
execve execveat socket connect bind listen accept accept4 ptrace process_vm_readv process_vm_writev unshare setns mount umount2
pivot_root chroot setuid setgid setresuid setresgid setreuid setregid setgroups capset sched_setaffinity sched_setscheduler
sched_setparam sched_setattr setpriority ioprio_set sethostname setdomainname
"""

_CLONE_THREAD, _CLONE_PARENT, _CLONE_NAMESPACES = 0x0001_0000, 0x0000_8000, 0x7E02_0000
_PRCTL = {
    "PR_GET_DUMPABLE": 3,
    "PR_SET_NAME": 15,
    "PR_GET_NAME": 16,
    "PR_GET_SECCOMP": 21,
    "PR_CAPBSET_READ": 23,
    "PR_GET_NO_NEW_PRIVS": 39,
    "PR_SET_THP_DISABLE": 41,
    "PR_GET_THP_DISABLE": 42,
    "PR_SET_VMA": 0x5356_4D41,  # names of mappings, by malloc implementations
}
_FCNTL = {
    "F_DUPFD": 0,
    "F_GETFD": 1,
    "F_SETFD": 2,
    "F_GETFL": 3,
    "F_SETFL": 4,
    "F_GETPIPE_SZ": 1032,
    "F_GET_SEALS": 1034,
    "F_DUPFD_CLOEXEC": 1030,
}
# Locks on files that several workers may read would carry messages between them: they are granted, and lock nothing.
_FCNTL_LOCKS = {"F_SETLK": 6, "F_SETLKW": 7, "F_OFD_SETLK": 37, "F_OFD_SETLKW": 38}
_FIOSETOWN, _SIOCSPGRP, _TIOCSTI = 0x8901, 0x8902, 0x5412
_SOL_SOCKET, _SO_SNDBUF, _SO_RCVBUF = 1, 7, 8
_AF_UNIX, _SOCK_STREAM, _SOCK_TYPE = 1, 1, 0xF
_MAP_SHARED, _MAP_TYPE, _MAP_ANONYMOUS = 0x01, 0x0F, 0x20
_O_ACCMODE = 0o3
_KILLS_PROCESSES = 3
"""The level of libseccomp's interface (seccomp_api_get(3)) where the kernel can end a whole process; less where it refuses to answer."""


@functools.cache
def unavailable() -> str:
    """Why there can be no filter here, or "" if there can."""
    if not kernel.LINUX:
        return "seccomp is a part of Linux"
    try:
        import pyseccomp
    except ImportError:
        return "the package pyseccomp is not installed"
    except RuntimeError:
        return "libseccomp is not installed (Debian, Ubuntu: libseccomp2)"
    if pyseccomp.get_api() < _KILLS_PROCESSES:
        return (
            "the kernel, or the container that this runs in, refuses seccomp (Linux 4.14 or newer has what is needed)"
        )
    return ""


@functools.cache
def _filters(isolated: bool) -> tuple[Any, Any]:
    """(what is allowed, what is refused all the same), as pyseccomp.SyscallFilter.

    `isolated`: in a PID namespace and a private view.  Only there may processes be started, as the namespace ends them with the worker
    and signals reach nobody else, and may metadata be changed, as nothing but the work folder is writable."""
    import pyseccomp as s

    allow = s.SyscallFilter(s.ERRNO(errno.ENOSYS))
    refuse = s.SyscallFilter(s.ALLOW)
    for each in (allow, refuse):
        each.set_attr(s.Attr.ACT_BADARCH, s.KILL_PROCESS)
        each.set_attr(s.Attr.CTL_OPTIMIZE, 2)  # a binary tree: calls cost the same, whatever their number

    def add(target: Any, action: int, name: str, *arguments: Any) -> None:
        number = s.resolve_syscall(s.Arch.NATIVE, name)
        if number >= 0:  # below 0: this architecture, or this libseccomp, knows no such call
            target.add_rule(action, number, *arguments)

    for name in _ALLOWED.split():
        add(allow, s.ALLOW, name)
    for name in _REFUSED.split():
        add(allow, s.ERRNO(errno.EPERM), name)
    for name in _METADATA.split():
        # Outside namespaces they do nothing and say nothing: shutil.copy works, and no file is changed.
        add(allow, s.ALLOW if isolated else s.ERRNO(0), name)

    # Threads always, processes in a PID namespace, new namespaces never.  glibc falls back from clone3, whose flags are out of sight.
    mask = _CLONE_NAMESPACES | _CLONE_PARENT
    add(allow, s.ALLOW, "clone", s.Arg(0, s.MASKED_EQ, mask | _CLONE_THREAD, _CLONE_THREAD))
    if isolated:
        add(allow, s.ALLOW, "clone", s.Arg(0, s.MASKED_EQ, mask | _CLONE_THREAD, 0))
    for name in ("fork", "vfork"):
        add(allow, s.ALLOW if isolated else s.ERRNO(errno.EAGAIN), name)
    if not isolated:
        add(allow, s.ERRNO(errno.EAGAIN), "clone", s.Arg(0, s.MASKED_EQ, _CLONE_THREAD, 0))
        # Landlock before ABI 3 does not see that these empty files.
        add(refuse, s.ERRNO(errno.EPERM), "truncate")
        reading = s.MASKED_EQ, _O_ACCMODE | os.O_TRUNC, os.O_TRUNC
        add(refuse, s.ERRNO(errno.EPERM), "open", s.Arg(1, *reading))
        add(refuse, s.ERRNO(errno.EPERM), "openat", s.Arg(2, *reading))

    add(allow, s.ALLOW, "prlimit64", s.Arg(0, s.EQ, 0))  # of this process only
    for option in _PRCTL.values():
        add(allow, s.ALLOW, "prctl", s.Arg(0, s.EQ, option))
    # asyncio wakes itself through a pair of stream sockets.  Datagram sockets could be sent to an address.
    stream = s.Arg(1, s.MASKED_EQ, _SOCK_TYPE, _SOCK_STREAM)
    add(allow, s.ALLOW, "socketpair", s.Arg(0, s.EQ, _AF_UNIX), stream)
    add(refuse, s.ERRNO(errno.EPERM), "sendto", s.Arg(4, s.NE, 0))

    # Leases, notices of changed folders (F_NOTIFY), locks that can be asked for, owners of signals and pipes of another size are not allowed.
    for command in _FCNTL.values():
        add(allow, s.ALLOW, "fcntl", s.Arg(1, s.MASKED_EQ, 0xFFFF_FFFF, command))
    for command in _FCNTL_LOCKS.values():
        add(allow, s.ERRNO(0), "fcntl", s.Arg(1, s.MASKED_EQ, 0xFFFF_FFFF, command))
    add(allow, s.ERRNO(0), "flock")
    # The limit on CPU time ends a worker by SIGKILL, and so does a person with `kill -9`.  To tell the two apart, a worker may neither lower the
    # limit nor send itself SIGKILL.  (Inside namespaces the kernel already refuses that signal.)
    add(refuse, s.ERRNO(errno.EPERM), "setrlimit", s.Arg(0, s.MASKED_EQ, 0xFFFF_FFFF, resource.RLIMIT_CPU))
    cpu = s.Arg(1, s.MASKED_EQ, 0xFFFF_FFFF, resource.RLIMIT_CPU)
    add(refuse, s.ERRNO(errno.EPERM), "prlimit64", cpu, s.Arg(2, s.NE, 0))
    # A larger buffer of a socket is memory of the kernel that no process is charged for.
    for option in (_SO_SNDBUF, _SO_RCVBUF):
        buffer = s.Arg(1, s.EQ, _SOL_SOCKET), s.Arg(2, s.MASKED_EQ, 0xFFFF_FFFF, option)
        add(refuse, s.ERRNO(0), "setsockopt", *buffer)
    for command in (_FIOSETOWN, _SIOCSPGRP, _TIOCSTI):
        add(refuse, s.ERRNO(errno.EPERM), "ioctl", s.Arg(1, s.MASKED_EQ, 0xFFFF_FFFF, command))
    # Memory that belongs to no process while it is not mapped cannot be watched: neither memfd_create and shmget (not allowed above)
    # nor shared anonymous mappings, whose pages stay when a process lets go of them.
    shared = _MAP_TYPE | _MAP_ANONYMOUS, _MAP_SHARED | _MAP_ANONYMOUS
    add(refuse, s.ERRNO(errno.ENOMEM), "mmap", s.Arg(3, s.MASKED_EQ, *shared))
    return allow, refuse


def prepare() -> None:
    """Makes the filters, so that forked processes inherit them."""
    if not unavailable():
        _filters(True)
        _filters(False)


def restrict(*, isolated: bool) -> None:
    """Loads the filters for good.  Raises OSError where that is refused, or where there is no libseccomp."""
    if reason := unavailable():
        raise OSError(errno.ENOSYS, reason)
    import pyseccomp as s

    allow, refuse = _filters(isolated)
    if not isolated:
        _only_own_signals(s)
    refuse.load()
    allow.load()


def _only_own_signals(s: Any) -> None:
    """Without a PID namespace: signals to this process only, which has no children then."""
    own = s.SyscallFilter(s.ALLOW)
    for name in ("kill", "tgkill"):
        own.add_rule(s.ERRNO(errno.EPERM), name, s.Arg(0, s.NE, os.getpid()))
    for name, place in (("kill", 1), ("tgkill", 2)):
        own.add_rule(s.ERRNO(errno.EPERM), name, s.Arg(place, s.MASKED_EQ, 0xFFFF_FFFF, signal.SIGKILL))
    own.load()
