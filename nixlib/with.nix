/**
  Another name of `pythonWith`.

  # Type

  ```
  with :: { <package> :: { <package> :: …; ... }; ... }
  ```

  # Example

  ```nix
  mach-nix."with".flask.requests
  ```
*/
{ pythonWith }:

pythonWith
