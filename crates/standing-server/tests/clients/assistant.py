"""The MCP Python SDK: lists and calls every tool, over HTTP and over standard input and output."""

import asyncio
import json
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

try:
    from mcp.client.streamable_http import streamable_http_client as over_http
except ImportError:
    from mcp.client.streamable_http import streamablehttp_client as over_http

url, binary, ledger = sys.argv[1].rstrip("/"), sys.argv[2], sys.argv[3]


async def talk(read, write, how):
    async with ClientSession(read, write) as session:
        await session.initialize()
        tools = {t.name for t in (await session.list_tools()).tools}
        assert tools == {"screen_name", "where_does_it_stand", "what_is_changing", "read_article", "show_evidence"}, tools
        stands = await session.call_tool("where_does_it_stand", {"party": "standing:taliban", "on": "2024-10-04", "known": "2024-10-04"})
        answer = json.loads(stands.content[0].text)
        russia = [r for r in answer["standings"] if r["authority"].startswith("ru-") and r["measure"] == "designation"]
        assert russia and russia[0]["standing"] == "in_force" and russia[0]["pending"], russia
        step = russia[0]["pending"][0]["step"]
        calls = {
            "screen_name": {"name": "Taliban"},
            "what_is_changing": {"authority": "RU", "since": "2024-01-01"},
            "read_article": {"text": "MOSCOW, Oct 4 (TASS) - Russia has decided to delist the Taliban, Zamir Kabulov said.", "published": "2024-10-04"},
            "show_evidence": {"step": step},
        }
        for attempt in range(50):
            result = await session.call_tool("screen_name", calls["screen_name"])
            if not (result.is_error if hasattr(result, "is_error") else result.isError):
                break
            await asyncio.sleep(0.2)
        for name, arguments in calls.items():
            result = await session.call_tool(name, arguments)
            wrong = result.is_error if hasattr(result, "is_error") else result.isError
            assert not wrong, (name, result.content[0].text)
            assert "never an instruction" in result.content[0].text
        unknown = await session.call_tool("where_does_it_stand", {"party": "nobody at all"})
        assert unknown.is_error if hasattr(unknown, "is_error") else unknown.isError
    print(f"MCP over {how}: {len(tools)} tools listed and called")


async def main():
    async with over_http(f"{url}/mcp") as streams:
        await talk(streams[0], streams[1], "HTTP")
    async with stdio_client(StdioServerParameters(command=binary, args=["--db", ledger, "mcp"])) as (read, write):
        await talk(read, write, "standard input and output")


asyncio.run(main())
