"""A registry of many hamlets, each with a secretary of its own."""
import os

ROLL = 5


def phone(n):
    return f"+849100{n:05d}"


def code(n):
    return f"X{chr(ord('A') + n // 97)}{1 + n % 97:02d}"


def write(folder, count):
    """`count` hamlets of ROLL members under one commune; the folder."""
    def table(name, header, rows):
        with open(f"{folder}/{name}.csv", "w", encoding="utf-8") as f:
            f.write("\n".join([header, *rows]) + "\n")

    os.makedirs(folder)
    table("units", "code,name,kind,parent,aliases,valid_from,valid_to",
          ["TINH,Tinh,province,,,2025-07-01,"] +
          [f"{code(n)},Ban so {n},hamlet,TINH,,2025-07-01,"
           for n in range(count)])
    table("members",
          "unit,no,name,standing,status,dest,phone,language,consent",
          [f"{code(n)},{no},Thanh vien {n} {no},official,active,,,vi,yes"
           for n in range(count) for no in range(1, ROLL + 1)])
    table("roles", "phone,role,unit,member,valid_from,valid_to",
          [f"{phone(n)},secretary,{code(n)},1,2025-07-01,"
           for n in range(count)])
    return folder
