# The names by which the files of the library refer to each other: those of their arguments, see
# ./scope.nix.
{
  # the public functions
  buildPythonApplication = ./buildPythonApplication.nix;
  buildPythonPackage = ./buildPythonPackage.nix;
  dockerImageWith = ./dockerImageWith.nix;
  fetchPypiSdist = ./fetchPypiSdist.nix;
  fetchPypiWheel = ./fetchPypiWheel.nix;
  libraryPathsHook = ./libraryPathsHook.nix;
  mach-nix = ./mach-nix.nix;
  mergeOverrides = ./mergeOverrides.nix;
  mkDockerImage = ./mkDockerImage.nix;
  mkNixpkgs = ./mkNixpkgs.nix;
  mkOverlay = ./mkOverlay.nix;
  mkPython = ./mkPython.nix;
  mkPythonOverrides = ./mkPythonOverrides.nix;
  mkPythonShell = ./mkPythonShell.nix;
  nixpkgs = ./nixpkgs.nix;
  pythonWith = ./pythonWith.nix;
  rPackages = ./rPackages.nix;
  "with" = ./with.nix;

  # arguments and their names
  checkArguments = ./arguments/checkArguments.nix;
  formerArguments = ./arguments/formerArguments.nix;
  chosenPython = ./arguments/chosenPython.nix;
  interpreter = ./arguments/interpreter.nix;
  knownArguments = ./arguments/knownArguments.nix;
  readProviders = ./arguments/readProviders.nix;

  # what is required
  localReferences = ./requirements/localReferences.nix;
  namedForNixpkgs = ./requirements/namedForNixpkgs.nix;
  readPyproject = ./requirements/readPyproject.nix;
  readRequest = ./requirements/readRequest.nix;
  readRequirements = ./requirements/readRequirements.nix;
  requirementKey = ./requirements/requirementKey.nix;

  # the lock
  command = ./lock/command.nix;
  digest = ./lock/digest.nix;
  lockedFrom = ./lock/lockedFrom.nix;
  readLock = ./lock/read.nix;
  renew = ./lock/renew.nix;
  subset = ./lock/subset.nix;
  target = ./lock/target.nix;
  targetIndex = ./lock/targetIndex.nix;
  upToDate = ./lock/upToDate.nix;
  validLock = ./lock/valid.nix;

  # the ways to a lock
  fixedOutput = ./resolve/fixedOutput.nix;
  importFromDerivation = ./resolve/importFromDerivation.nix;
  inRounds = ./resolve/inRounds.nix;
  lockDerivation = ./resolve/derivation.nix;
  nixpkgsInventory = ./resolve/nixpkgsInventory.nix;
  plugin = ./resolve/plugin.nix;
  query = ./resolve/query.nix;
  resolve = ./resolve/resolve.nix;

  # projects of the user
  buildPython = ./project/buildPython.nix;
  dynamicMetadata = ./project/dynamicMetadata.nix;
  localProject = ./project/localProject.nix;
  readProject = ./project/readProject.nix;
  setupCfg = ./project/setupCfg.nix;
  setupPy = ./project/setupPy.nix;
  sourceFolder = ./project/sourceFolder.nix;

  # from a locked package to a derivation
  queryBackend = ./build/queryBackend.nix;
  buildEntry = ./build/entry.nix;
  buildProject = ./build/project.nix;
  buildSdist = ./build/sdist.nix;
  buildWheel = ./build/wheel.nix;
  cargo = ./build/cargo.nix;
  fromNixpkgs = ./build/nixpkgs.nix;
  inherited = ./build/inherited.nix;
  metadata = ./build/metadata.nix;
  leanModule = ./build/leanModule.nix;
  leanWheel = ./build/leanWheel.nix;
  pythonModules = ./build/pythonModules.nix;
  source = ./build/source.nix;
  sourceEnvironment = ./build/environment.nix;
  wheelPhase = ./build/wheelPhase.nix;

  # conda packages
  condaEntries = ./conda/entries.nix;
  condaPackages = ./conda/packages.nix;
  condaPrefix = ./conda/prefix.nix;
  condaProgram = ./conda/program.nix;
  condaProject = ./conda/project.nix;
  condaUnpacked = ./conda/unpacked.nix;

  # the overlay of locked packages
  withOverrides = ./overlay/withOverrides.nix;
  lockedPackages = ./overlay/lockedPackages.nix;
  attributes = ./overlay/attributes.nix;
  edges = ./overlay/edges.nix;
  fixes = ./overlay/fixes.nix;
  lockedInputs = ./overlay/lockedInputs.nix;
  lockedOverlay = ./overlay/lockedOverlay.nix;
  packagesExtra = ./overlay/packagesExtra.nix;
  resolved = ./overlay/resolved.nix;
  simpleOverrides = ./overlay/simpleOverrides.nix;
  standardFixes = ./overlay/standardFixes.nix;

  # environments
  image = ./environment/image.nix;
  pythonByNames = ./environment/pythonByNames.nix;
  editable = ./environment/editable.nix;
  pythonEnvironment = ./environment/pythonEnvironment.nix;
  withNames = ./environment/withNames.nix;
  venv = ./environment/venv.nix;
  withShell = ./environment/withShell.nix;

  # fixes of single packages
  builtInFixes = ./fixes/default.nix;

  # nixpkgs
  pythonAttribute = ./nixpkgs/pythonAttribute.nix;
  compat = ./nixpkgs/compat.nix;
  fetchPypi = ./nixpkgs/fetchPypi.nix;
  inventory = ./nixpkgs/inventory.nix;
  isModule = ./nixpkgs/isModule.nix;
  librariesOf = ./nixpkgs/librariesOf.nix;
  nearestPython = ./nixpkgs/nearestPython.nix;
  qtLibraries = ./nixpkgs/qtLibraries.nix;

  # names and messages
  attributeName = ./text/attributeName.nix;
  nearest = ./text/nearest.nix;
  normalName = ./text/normalName.nix;
  plainName = ./text/plainName.nix;
  typeName = ./text/typeName.nix;
}
