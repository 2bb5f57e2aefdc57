__version__ = "2." + str(1 + 2)


def main():
    import click

    click.echo(f"hello from {__version__}")
