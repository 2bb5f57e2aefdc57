/**
  Container images by the names of their packages: `dockerImageWith.flask` is the image of
  `pythonWith.flask`.

  # Type

  ```
  dockerImageWith :: { <package> :: { <package> :: …; ... }; ... }
  ```

  # Example

  ```nix
  mach-nix.dockerImageWith.flask.requests
  ```
*/
{ pythonByNames }:

pythonByNames (environment: environment.dockerImage)
