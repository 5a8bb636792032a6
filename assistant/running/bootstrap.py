"""Make the virtual environment from the lock. Standard library only: this runs before anything is installed.

    python3 assistant/running/bootstrap.py run|dev

``run`` installs what the service needs, ``dev`` also the neural embedders, the tests' tools and, where it may, a browser.
"""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
LOCKS = {"run": "requirements.lock", "dev": "requirements-dev.lock"}
NEEDED_BYTES = {"run": 1_500_000_000, "dev": 4_000_000_000}
BROWSER_PACKAGES = ["chromium", "fonts-noto-cjk"]


def main(what: str) -> int:
    """Exit status 0 when the environment is there; else one line on standard error says why not."""
    if sys.version_info[:2] != (3, 11):
        return fail("需要 Python 3.11，现在是 {}.{}。请安装后运行：make PYTHON=python3.11 {}", *sys.version_info[:2], "run")
    if not any(marker(name).is_file() and marker(name).read_text() == digest_of(name) for name in satisfying(what)):
        free = shutil.disk_usage(ROOT).free
        if free < NEEDED_BYTES[what]:
            return fail("磁盘空间不足：安装依赖要 {} MB，{} 只剩 {} MB。请清理后再试", NEEDED_BYTES[what] // 10**6, ROOT, free // 10**6)
        status = install(ROOT / LOCKS[what])
        if status:
            return status
        marker(what).write_text(digest_of(what))
    if what == "dev":
        install_browser()
    return 0


def satisfying(what: str) -> list[str]:
    """Environments that hold all that is needed: the larger one serves for the smaller."""
    return ["dev"] if what == "dev" else ["run", "dev"]


def marker(what: str) -> pathlib.Path:
    """File that says which lock the environment was made from."""
    return VENV / f".installed-{what}"


def digest_of(what: str) -> str:
    """Digest of what an environment is made from."""
    return hashlib.sha256((ROOT / LOCKS[what]).read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()


def install(lock: pathlib.Path) -> int:
    """Create the environment and install the lock and this project into it."""
    print(f"正在安装依赖（{lock.name}，第一次要几分钟）……", flush=True)
    python = VENV / "bin" / "python"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps"]
    steps = [
        [*pip, "--requirement", str(lock)],
        [*pip, "--no-build-isolation", "--editable", str(ROOT)],
    ]
    if not python.exists():
        steps.insert(0, [sys.executable, "-m", "venv", str(VENV)])
    for step in steps:
        done = subprocess.run(step, check=False)
        if done.returncode:
            return fail("依赖没有装好（退出码 {}）。请看上面的报错；网络不通时可设置 PIP_INDEX_URL 换一个镜像再试", done.returncode)
    return 0


def install_browser() -> None:
    """Debian's Chromium and Chinese fonts for the browser tests, when missing and permitted; else those tests are skipped."""
    if shutil.which("chromium") or not shutil.which("apt-get"):
        return
    if os.geteuid() != 0:
        print("没有找到 chromium，浏览器测试会跳过。要运行它们，请先安装：apt-get install " + " ".join(BROWSER_PACKAGES), flush=True)
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", *BROWSER_PACKAGES]):
        if subprocess.run(step, check=False, env=environment, stdout=subprocess.DEVNULL).returncode:
            print("chromium 没有装上，浏览器测试会跳过", flush=True)
            return


def fail(message: str, *words: object) -> int:
    """Say what is wrong in one line; the exit status."""
    print("出错了：" + message.format(*words), file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "run"))
