/**
  Environments by the names of their packages, for the command line:
  `nix build github:DavHau/mach-nix#gen.python.flask.requests`.

  `pythonWith.flask.requests` is `mkPython` of the requirements `flask` and `requests`, in their newest
  versions, without a lock and with `ignoreCollisions`.  What `mkPython` gives with an environment is in its
  attribute `_passthru`, since all others are names.

  Nix must know the names beforehand: they are those of the snapshot that comes with this library
  (snapshot/names.json).  For any other package write `mkPython { requirements = "…"; }`.

  # Type

  ```
  pythonWith :: { <package> :: { <package> :: …; ... }; ... }
  ```

  # Example

  ```nix
  mach-nix.pythonWith.flask.requests
  ```
*/
{ pythonByNames }:

pythonByNames (environment: environment)
