"""The group of commands. A command's module is imported only when it is called."""

import importlib
from typing import Any

import click

_COMMANDS = {
    "up": "启动本机平台 · Start the platform on this machine",
    "demo": "载入演示年度并模拟评分 · Load a demo year and play the judges",
    "serve": "运行一个服务 · Run one service",
    "relay": "把事件发往 Kafka · Relay events to Kafka",
    "worker": "运行 Faust 流处理 · Run the Faust stream worker",
    "migrate": "建立或升级数据表与主题 · Make or upgrade tables and topics",
    "import": "导入竞赛包 · Import a contest package",
    "export": "导出竞赛包 · Export a contest package",
    "standings": "由竞赛包直接排名 · Rank a contest package, no server needed",
    "explain": "说明一个成绩的由来 · Explain how a score was made",
    "awards": "打印获奖名单 · Print an award list",
    "rebuild": "由账本重建榜单 · Rebuild boards from the ledger",
    "verify": "离线核验导出账本 · Verify an exported ledger offline",
    "backup": "运行中备份 · Back up while running",
    "restore": "从备份恢复 · Restore a backup",
    "bench": "性能测量 · Measure performance",
    "doctor": "检查安装 · Check the installation",
}


class Lazy(click.Group):
    """Finds a command in the module of its name."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS:
            return None
        module = importlib.import_module(f"services.cli.commands.{name.replace('import', 'import_')}")
        found: click.Command = module.command
        return found

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令 · Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def main(**_options: Any) -> None:
    """擂台 Leitai：技能竞赛、劳动竞赛、合理化建议与工人先锋号的平台。

    The platform for skills contests, labour competitions, proposals and Worker Pioneer honours.
    """


if __name__ == "__main__":
    main(prog_name="leitai")
