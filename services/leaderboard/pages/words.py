"""What the plain pages say."""

from rules.text import Text

WORDS = {
    "boards": Text("实时榜单", "Live boards"),
    "no_boards": Text("还没有公开的榜单", "There are no public boards yet"),
    "all_boards": Text("全部榜单", "All boards"),
    "place": Text("名次", "Place"),
    "name": Text("姓名或名称", "Name"),
    "total": Text("总分", "Total"),
    "state": Text("状态", "State"),
    "tied": Text("并列", "tied"),
    "find": Text("姓名或编号", "Name or number"),
    "search": Text("查找", "Find"),
    "nobody": Text("没有找到", "Nobody found"),
    "empty": Text("还没有参赛者", "No entries yet"),
    "earlier": Text("上一页", "Earlier rows"),
    "later": Text("下一页", "Later rows"),
    "final": Text("最终成绩", "Final results"),
    "frozen": Text("已封榜，成绩停在封榜时", "Frozen: the board stands as it was"),
    "complete": Text("评分完成，待公布", "All marked, not published yet"),
    "provisional": Text("进行中，名次随时变化", "Provisional: places still change"),
    "waiting": Text("未开始", "Not begun"),
    "stale": Text("数据停在", "Not updated since"),
    "changed": Text("更新于", "Updated"),
    "plain": Text(
        "这是榜单的静态页，请刷新查看最新成绩", "This page does not move: reload it for the latest marks"
    ),
    "unranked": Text("不计名次", "takes no place"),
    "withdrawn": Text("退赛", "withdrawn"),
    "disqualified": Text("取消成绩", "disqualified"),
    "entries": Text("共", "Entries"),
    "marked": Text("有成绩", "with marks"),
    "done": Text("评完", "complete"),
    "unfinished": Text("未评完", "not complete"),
    "no_board": Text("没有这个榜单，或尚未公开", "There is no such board, or it is not public"),
}
