{ lib, scope, ... }:

let
  query = (scope { inherit lib; }).query;
  arguments = {
    asked.request.requirements = "flask";
    python.pythonVersion = "3.11";
    system = "x86_64-linux";
    providers = null;
    excludeNewer = null;
    named = [ ];
  };
  fields = {
    requirements = "flask";
    python = "3.11";
    system = "x86_64-linux";
  };
in
{
  "absent arguments are absent fields" = {
    expr = query arguments;
    expected = fields;
  };
  "providers and a date" = {
    expr = query (
      arguments
      // {
        providers._default = "wheel";
        excludeNewer = "2026-11-01";
      }
    );
    expected = fields // {
      providers._default = "wheel";
      excludeNewer = "2026-11-01";
    };
  };
  "a project with extras and groups" = {
    expr = query (
      arguments
      // {
        asked.request = {
          pyproject = "[project]";
          extras = [ "docs" ];
          groups = [ ];
        };
      }
    );
    expected = removeAttrs fields [ "requirements" ] // {
      pyproject = "[project]";
      extras = [ "docs" ];
      groups = [ ];
    };
  };
}
