# make run    从零到能用：建环境、建知识库、启动接口和页面
# make test   全部测试；make test-fast 不开浏览器、不起服务的那部分；make check 格式、类型、结构；make evals 答案质量门槛
PYTHON ?= python3
BIN := .venv/bin

# A worker takes a file at a time, in the order of tests/conftest.py: the longest first. Workers do not start threads of BLAS beside each other.
PYTEST := OPENBLAS_NUM_THREADS=1 $(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder --durations=10

.PHONY: run test test-fast check evals format lock clean

run:
	@$(PYTHON) assistant/running/bootstrap.py run
	@exec $(BIN)/assistant run

test:
	@$(PYTHON) assistant/running/bootstrap.py dev
	@$(PYTEST)

test-fast:
	@$(PYTHON) assistant/running/bootstrap.py dev
	@$(PYTEST) -m "not browser and not server and not slow"

check:
	@$(PYTHON) assistant/running/bootstrap.py dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/pytest tests/architecture

evals:
	@$(PYTHON) assistant/running/bootstrap.py dev
	@$(BIN)/python -m evals gate

format:
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# Needs uv. CUDA packages are left out: the lock is for CPU builds of torch, and is installed with --no-deps.
lock:
	uv pip compile pyproject.toml --extra build --python-version 3.11 --no-annotate --no-header --quiet --output-file requirements.lock
	uv pip compile pyproject.toml --all-extras --python-version 3.11 --no-annotate --no-header --quiet \
	  --constraint requirements.lock --output-file requirements-dev.lock
	sed -i -E '/^(nvidia-|cuda-|triton)/d' requirements-dev.lock

clean:
	rm -rf .venv .data test-output .pytest_cache .mypy_cache .ruff_cache
