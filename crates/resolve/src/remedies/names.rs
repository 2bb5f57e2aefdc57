//! Likely intended names for unknown ones.

/// Import names, and old or colloquial names, with the distribution that provides them.
const MEANT: &[(&str, &str)] = &[
    ("attr", "attrs"),
    ("bs4", "beautifulsoup4"),
    ("crypto", "pycryptodome"),
    ("cv2", "opencv-python"),
    ("dateutil", "python-dateutil"),
    ("dotenv", "python-dotenv"),
    ("git", "gitpython"),
    ("jwt", "pyjwt"),
    ("mysqldb", "mysqlclient"),
    ("opencv", "opencv-python"),
    ("pil", "pillow"),
    ("pytorch", "torch"),
    ("serial", "pyserial"),
    ("skimage", "scikit-image"),
    ("sklearn", "scikit-learn"),
    ("yaml", "pyyaml"),
];

/// Widely used distributions; a name similar to one of them is likely a typo.
const WIDELY_USED: &[&str] = &[
    "aiohttp",
    "alembic",
    "ansible",
    "anyio",
    "apache-airflow",
    "attrs",
    "babel",
    "beautifulsoup4",
    "black",
    "boto3",
    "botocore",
    "celery",
    "certifi",
    "cffi",
    "charset-normalizer",
    "click",
    "cryptography",
    "cython",
    "dask",
    "datasets",
    "django",
    "djangorestframework",
    "docopt",
    "fastapi",
    "flake8",
    "flask",
    "gevent",
    "gitpython",
    "greenlet",
    "grpcio",
    "gunicorn",
    "h5py",
    "httpx",
    "idna",
    "importlib-metadata",
    "ipython",
    "isort",
    "itsdangerous",
    "jinja2",
    "joblib",
    "jsonschema",
    "jupyter",
    "jupyterlab",
    "keras",
    "lxml",
    "markdown",
    "markupsafe",
    "matplotlib",
    "msgpack",
    "mypy",
    "networkx",
    "nltk",
    "notebook",
    "numba",
    "numpy",
    "opencv-python",
    "openpyxl",
    "packaging",
    "pandas",
    "paramiko",
    "pillow",
    "pip",
    "plotly",
    "poetry",
    "protobuf",
    "psutil",
    "psycopg2",
    "psycopg2-binary",
    "pyarrow",
    "pycryptodome",
    "pydantic",
    "pygments",
    "pyjwt",
    "pylint",
    "pymongo",
    "pymysql",
    "pyserial",
    "pytest",
    "python-dateutil",
    "python-dotenv",
    "pytz",
    "pyyaml",
    "redis",
    "regex",
    "requests",
    "rich",
    "ruff",
    "scikit-image",
    "scikit-learn",
    "scipy",
    "scrapy",
    "seaborn",
    "selenium",
    "setuptools",
    "six",
    "sphinx",
    "sqlalchemy",
    "starlette",
    "streamlit",
    "sympy",
    "tensorflow",
    "tokenizers",
    "torch",
    "torchvision",
    "tornado",
    "tox",
    "tqdm",
    "transformers",
    "typer",
    "typing-extensions",
    "ujson",
    "urllib3",
    "uvicorn",
    "virtualenv",
    "websockets",
    "werkzeug",
    "wheel",
    "xgboost",
    "zipp",
];

/// Existing distributions with names similar to widely used ones. They are not typos, even if a snapshot or nixpkgs
/// lacks them.
const NEIGHBOURS: &[&str] = &[
    "aioredis",
    "asyncio",
    "arrow",
    "blake3",
    "boto",
    "bpython",
    "dash",
    "dataset",
    "djongo",
    "grequests",
    "hiredis",
    "hypercorn",
    "jinja",
    "markdown2",
    "mistune",
    "mongoengine",
    "nose",
    "nox",
    "orjson",
    "pipx",
    "psycopg",
    "pyaml",
    "pymssql",
    "pyte",
    "simpy",
    "spacy",
    "toml",
    "umsgpack",
    "websocket",
];

/// The likely intended name, if any; never the name itself, and none for the name of another well-known distribution.
pub fn similar_name(name: &str) -> Option<&'static str> {
    if WIDELY_USED.contains(&name) || NEIGHBOURS.contains(&name) {
        return None;
    }
    if let Some((_, meant)) = MEANT.iter().find(|(import, _)| *import == name) {
        return Some(meant);
    }
    // One typo in short names, two in longer ones.
    let allowed = if name.len() < 6 { 1 } else { 2 };
    let near = WIDELY_USED
        .iter()
        .map(|known| (strsim::osa_distance(name, known), *known));
    near.filter(|(distance, _)| *distance <= allowed)
        .filter(|(_, known)| !is_other_short_name(name, known))
        .min()
        .map(|(_, known)| known)
}

/// Whether a short name differs from a known one by another letter, which is more likely another name than a typo.
fn is_other_short_name(name: &str, known: &str) -> bool {
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    name.len() < 5 && name.len() == known.len() && sorted(name) != sorted(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognized_and_strange_names_left_alone() {
        assert_eq!(similar_name("reqeusts"), Some("requests"));
        assert_eq!(similar_name("flaskk"), Some("flask"));
        assert_eq!(similar_name("sklearn"), Some("scikit-learn"));
        assert_eq!(similar_name("our-internal-thing"), None);
        assert_eq!(similar_name("sixx"), Some("six"));
    }

    #[test]
    fn a_well_known_name_is_no_slip_of_itself_or_of_a_neighbour() {
        let names = WIDELY_USED.iter().chain(NEIGHBOURS);
        for name in names.chain(&["nex", "mask", "sox"]) {
            assert_eq!(similar_name(name), None, "{name}");
        }
        assert_eq!(similar_name("dsak"), Some("dask"));
    }
}
